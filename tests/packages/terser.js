// terser: compression, mangled names, source maps, several files, errors.
'use strict';
const { minify } = require('terser');
const fs = require('fs');

async function main() {
  const files = { 'a.js': 'function add(first, second) { if (false) { console.log("never"); } return first + second; }', 'b.js': 'const unused = 1; console.log(add(1 + 2, `${3}`), typeof undefined === "undefined");' };
  const { code, map } = await minify(files, { toplevel: true, sourceMap: { url: 'out.js.map' }, compress: { passes: 2 } });
  console.log(code, map);
  console.log((await minify('class A { #priv = 1; get value() { return this.#priv ?? 0; } } export { A as default };', { module: true, format: { beautify: true, comments: 'all' }, mangle: { keep_classnames: true } })).code);
  await minify('const x = ;', {}).catch((error) => console.log(error.name, error.message, error.line, error.col));
  const big = await minify(fs.readFileSync(require.resolve('lodash'), 'utf8'), { compress: false, mangle: true });
  console.log(big.code.length);
  const loaded = { exports: {} };
  new Function('module', 'exports', big.code)(loaded, loaded.exports);
  console.log(loaded.exports.chunk([1, 2, 3], 2));
}
main();
