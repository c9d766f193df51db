// SWC, a native add-on: TypeScript and JSX to old targets, minification, syntax trees, promises, errors.
'use strict';
const swc = require('@swc/core');

const source = 'enum A { X = 1 }\nnamespace N { export const q = 2 }\nconst El = (): any => <div className="x">{A.X ?? N.q}</div>;\nclass K { #p = 1; constructor(private readonly z: number) {} get p() { return this.#p ** this.z } }\nexport { El, K };';
const options = { filename: 'it.tsx', sourceMaps: true, jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2015', transform: { react: { runtime: 'automatic' } } }, module: { type: 'commonjs' } };
const { code, map } = swc.transformSync(source, options);
console.log(code, JSON.parse(map).sources);

async function main() {
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => swc.transform(`export const a: number = ${i};`, { jsc: { parser: { syntax: 'typescript' } } })));
  console.log(all.map((it) => it.code.trim()).join(' '));
  console.log((await swc.minify('function foo(abc) { const unused = 1; return abc + 1 + 2 }', { compress: true, mangle: true })).code);
  const tree = await swc.parse('let a: number = 1', { syntax: 'typescript' });
  console.log(tree.type, tree.body[0].declarations[0].init.value, swc.printSync(tree).code);
  await swc.transform('let a = ;', { filename: 'bad.js' }).catch((error) => console.log(error.name, error.code, /Expression expected/.test(error.message)));
  try {
    swc.parseSync('class {', {});
  } catch (error) {
    console.log(error.name, error.code);
  }
}
main();
