// esprima: trees, tokens, tolerance, and a walk over a large file.
'use strict';
const esprima = require('esprima');
const fs = require('fs');

console.log(JSON.stringify(esprima.parseScript('var a = function (b) { return b * 2; };', { range: true })));
console.log(esprima.tokenize('x => x / /re/g.y', { loc: true }).map((it) => `${it.type}@${it.loc.start.column}`).join(' '));
const counts = {};
esprima.parseModule('import a, { b as c } from "d"; export default class extends a { get e() { return `f${c}`; } }', {}, (node) => { counts[node.type] = (counts[node.type] ?? 0) + 1; });
console.log(counts, esprima.parseScript('var = 1; var b;', { tolerant: true, comment: true }).errors?.map((error) => error.message));
