// rollup (its WebAssembly build): tree shaking, chunks, plugins, warnings, formats.
'use strict';
const { rollup, VERSION } = require('@rollup/wasm-node');
const fs = require('fs');

async function main() {
  fs.writeFileSync('main.js', 'import { used } from "./lib.js"; import value from "virtual"; console.log(used(value)); export const lazy = () => import("./lazy.js");');
  fs.writeFileSync('lib.js', 'export const used = (x) => x * 2; export function unused() { return "gone"; } export * as self from "./lib.js";');
  fs.writeFileSync('lazy.js', 'import { used } from "./lib.js"; export default used(21); export { missing } from "outside";');
  const plugin = { name: 'virtual', resolveId: (id) => (id === 'virtual' ? id : null), load: (id) => (id === 'virtual' ? 'export default 7' : null), transform: (code, id) => (id.endsWith('lazy.js') ? code.replace('21', '42') : null), generateBundle(options, bundle) { console.log(Object.keys(bundle).map((it) => it.replace(/-[\w-]{8}\./, '-<hash>.')).sort()); } };
  const warnings = [];
  const build = await rollup({ input: 'main.js', plugins: [plugin], external: ['outside'], onwarn: (warning) => warnings.push(warning.code) });
  for (const format of ['es', 'cjs', 'system']) {
    const { output } = await build.generate({ format, sourcemap: format === 'es', exports: 'named' });
    for (const chunk of output.filter((it) => it.type === 'chunk')) console.log(format, chunk.exports, chunk.code.replace(/-[\w-]{8}\.js/g, '-<hash>.js'));
  }
  await build.close();
  console.log(warnings, VERSION.split('.')[0]);
  fs.writeFileSync('bad.js', 'export const x = ;');
  await rollup({ input: 'bad.js' }).catch((error) => console.log(error.code, error.loc?.line, error.loc?.column, error.frame));
}
main();
