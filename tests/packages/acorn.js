// acorn: parses, tokenises, reports places of errors.
'use strict';
const acorn = require('acorn');
const fs = require('fs');

const tree = acorn.parse('const a = async ({ b = 1, ...c }) => { for await (const d of c) yield_(d?.e ?? `x${b}`); }; class F { #g = 1n; static { this.h ||= /re/v; } }', { ecmaVersion: 'latest', locations: true });
console.log(JSON.stringify(tree).length, tree.body.map((it) => [it.type, it.loc.end.column]));
console.log([...acorn.tokenizer('let x = 1 + 2; // end', { ecmaVersion: 2020 })].map((it) => `${it.type.label}:${it.value ?? ''}`).join(' '));
for (const bad of ['let a; let a;', 'await 1', 'a b', '"use strict"; with (a) {}', 'import x from']) try { acorn.parse(bad, { ecmaVersion: 2022, sourceType: 'script' }); } catch (error) { console.log(error.name, error.message, error.loc); }
const self = fs.readFileSync(require.resolve('acorn'), 'utf8');
const comments = [];
const own = acorn.parse(self, { ecmaVersion: 2022, onComment: comments });
console.log(own.body.length > 0, comments.length > 100, acorn.parseExpressionAt('x + (y)', 4, { ecmaVersion: 5 }).name);
