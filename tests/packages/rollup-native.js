// rollup with its native parser: chunks, CommonJS packages by a plugin, watching, caches, errors.
'use strict';
const { rollup, watch } = require('rollup');
const { parseAst, parseAstAsync } = require('rollup/parseAst');
const fs = require('fs');

async function main() {
  fs.writeFileSync('main.js', 'import { used, Kind } from "./lib.js"; console.log(used(Kind.A)); export default async () => (await import("./lazy.js")).default;');
  fs.writeFileSync('lib.js', 'export const used = (x) => `<${x}>`; export const Kind = { A: 1 }; export class Unused { static #p = 1; }');
  fs.writeFileSync('lazy.js', 'import { used } from "./lib.js"; export default used("é\u{1f600}");');
  const output = { format: 'es', sourcemap: true, chunkFileNames: '[name].js', manualChunks: (id) => (id.endsWith('lib.js') ? 'shared' : undefined) };
  const build = await rollup({ input: 'main.js' });
  const { output: made } = await build.generate(output);
  for (const it of made) console.log(it.fileName, it.type, it.type === 'chunk' ? it.code : it.source.length);
  await build.close();
  const again = await rollup({ input: 'main.js', cache: build.cache, plugins: [{ name: 'ast', transform(code) { return { ast: this.parse(code), code }; } }] });
  console.log((await again.generate({ format: 'iife', name: 'it', inlineDynamicImports: true })).output[0].code.length > 0);
  await again.close();
  console.log(parseAst('const a = 1 ** 2n ?? /x/v;').body[0].declarations[0].init.type, (await parseAstAsync('a?.b')).body.length);
  for (const bad of ['let a; let a;', 'import { none } from "./lib.js"; none();', 'await = 1; export {}']) {
    fs.writeFileSync('bad.js', bad);
    await rollup({ input: 'bad.js' }).then((it) => it.generate({})).catch((error) => console.log(error.code, error.message, error.loc?.column));
  }
  const watcher = watch({ input: 'main.js', output: { dir: 'out' }, watch: { skipWrite: false } });
  await new Promise((resolve) => watcher.on('event', (event) => {
    console.log(event.code);
    event.result?.close();
    if (event.code === 'END') resolve();
  }));
  await watcher.close();
  console.log(fs.readdirSync('out').length);
}
main();
