// esbuild-wasm: transforms, bundles with plugins, messages of errors; Go's runtime in WebAssembly.
'use strict';
const esbuild = require('esbuild-wasm');
const fs = require('fs');

async function main() {
  const { code, map } = await esbuild.transform('const a: number = 1 as any; export default <T,>(x: T) => x ?? a ** 2', { loader: 'ts', target: 'es2018', minify: true, sourcemap: true, sourcefile: 'in.ts' });
  console.log(code, JSON.parse(map).sources);
  fs.writeFileSync('entry.jsx', 'import { used } from "./lib.js"; import data from "virtual:data"; import text from "./a.txt"; console.log(<b title={text}>{used(data)}</b>);');
  fs.writeFileSync('lib.js', 'export const used = (x) => x; export const dropped = () => "never seen";');
  fs.writeFileSync('a.txt', 'some text');
  const plugin = { name: 'virtual', setup(build) { build.onResolve({ filter: /^virtual:/ }, (args) => ({ path: args.path, namespace: 'v' })); build.onLoad({ filter: /.*/, namespace: 'v' }, async () => ({ contents: '{"k":[1,2]}', loader: 'json' })); } };
  const result = await esbuild.build({ entryPoints: ['entry.jsx'], bundle: true, write: false, format: 'cjs', jsxFactory: 'h', loader: { '.txt': 'text' }, plugins: [plugin], metafile: true, logLevel: 'silent' });
  console.log(result.outputFiles[0].text, Object.keys(result.metafile.inputs).sort());
  await esbuild.transform('let x = ;').catch((error) => console.log(error.message, error.errors[0].location));
  await esbuild.stop();
}
main();
