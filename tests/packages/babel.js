// Babel with preset-env: old targets, source maps, own plugins, errors with code frames, scopes.
'use strict';
const babel = require('@babel/core');
const fs = require('fs');

const code = 'class A { #p = 1; static async *gen(x = 1, ...rest) { for await (const y of rest) yield y?.z ?? x ** 2; } }\nexport const { a, ...b } = { ...A };\nexport default () => import("./x.js");\n';
const old = babel.transformSync(code, { presets: [['@babel/preset-env', { targets: 'ie 11' }]], sourceMaps: true, filename: 'in.js', configFile: false });
console.log(old.code.length, old.map.mappings.length, old.code.includes('regenerator'));
console.log(babel.transformSync(code, { presets: [['@babel/preset-env', { targets: { node: 'current' }, modules: 'commonjs' }]], configFile: false }).code);
const rename = ({ types: t }) => ({ name: 'rename', visitor: { Identifier(path) { if (path.node.name === 'secret') path.node.name = 'found'; }, NumericLiteral(path) { if (path.node.value === 42) path.replaceWith(t.stringLiteral('answer')); path.skip(); } } });
console.log(babel.transformSync('let secret = 42; { let found; secret; }', { plugins: [rename], configFile: false, comments: false }).code);
try { babel.transformSync('const a = 1;\nconst a = ;\n', { filename: '/x/bad.js', configFile: false, highlightCode: false }); } catch (error) { console.log(error.code, error.message, error.loc); }
fs.writeFileSync('babel.config.js', 'module.exports = (api) => { api.cache(true); return { presets: [["@babel/preset-env", { targets: { node: 4 } }]] }; };');
fs.writeFileSync('in.mjs', 'export let f = async () => [...new Set(`${1}`)];');
babel.transformFileAsync('in.mjs').then((result) => console.log(result.code.split('\n').slice(0, 4).join('\n'), result.code.length));
let bindings = 0;
babel.traverse(babel.parseSync('function f(a) { let b = a; return () => a + b; }', { configFile: false }), { Scope(path) { bindings += Object.keys(path.scope.bindings).length; } });
console.log(bindings);
