// esbuild, a native program that is talked to over pipes: plugins, errors, watching and serving.
'use strict';
const esbuild = require('esbuild');
const fs = require('fs');

async function main() {
  fs.writeFileSync('a.ts', "import { b } from './b'; import data from 'virtual:data'; export const a = (x: number): number => b(x) + data.k.length; console.log('a', a(3));");
  fs.writeFileSync('b.ts', 'export const b = (x: number) => x * 2; export const unused = 1;');
  const plugin = { name: 'virtual', setup(build) {
    build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: 'v' }));
    build.onLoad({ filter: /.*/, namespace: 'v' }, async () => ({ contents: '{ "k": [1, 2] }', loader: 'json', warnings: [{ text: 'odd' }] }));
    build.onEnd(({ errors, warnings }) => console.log('end', errors.length, warnings.map((it) => it.text)));
  } };
  const options = { entryPoints: ['a.ts'], bundle: true, plugins: [plugin], logLevel: 'silent' };
  const built = await esbuild.build({ ...options, write: false, minify: true, format: 'cjs', metafile: true });
  console.log(built.outputFiles[0].text, Object.keys(built.metafile.inputs).sort());
  new Function('module', built.outputFiles[0].text)({});
  console.log(esbuild.transformSync('<a b={1n}/>', { loader: 'jsx', jsx: 'automatic' }).code, (await esbuild.transform('x ||= 1', { target: 'es2019' })).code);
  await esbuild.build({ stdin: { contents: 'import "./none"', resolveDir: '.' }, bundle: true, write: false, logLevel: 'silent' }).catch((error) => console.log(error.message, error.errors[0].location));
  const context = await esbuild.context({ ...options, outdir: 'out' });
  const { port } = await context.serve({ servedir: 'out', host: '127.0.0.1' });
  const response = await fetch(`http://127.0.0.1:${port}/a.js`);
  console.log(response.status, (await response.text()).includes('x * 2'));
  await context.dispose();
  await esbuild.stop();
}
main();
