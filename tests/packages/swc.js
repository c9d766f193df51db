// @swc/core, a native add-on that looks its functions up itself: transformations and errors.
'use strict';
const swc = require('@swc/core');

const source = 'interface A { b: number }\nexport class C<T> { #x = 1; async f(a?: A): Promise<T | number> { return a?.b ?? this.#x } }';
const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2018' }, module: { type: 'commonjs' } };
console.log(swc.transformSync(source, options).code);
(async () => {
  const results = await Promise.all([1, 2, 3].map((n) => swc.transform(`let a: number = ${n}`, options)));
  console.log(results.map((result) => result.code.trim()));
  console.log((await swc.minify('function f(first, second) { return first + second } console.log(f(1, 2))')).code);
  const tree = await swc.parse('const x = 1 + 2', { syntax: 'ecmascript' });
  console.log(tree.type, tree.body[0].declarations[0].init.operator);
  await swc.transform('let = = 1', options).catch((error) => console.log(error.code, /Expression expected|Syntax Error|Unexpected/.test(error.message)));
})();
