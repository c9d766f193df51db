// glob: patterns, ignoring, dot files, streams, types of entries.
'use strict';
const fs = require('fs');
const { glob, globSync, globStream, hasMagic, escape } = require('glob');

async function main() {
  for (const file of ['a/b/c.js', 'a/b/d.ts', 'a/e.js', 'a/.hidden.js', 'node/x/y.js', 'f[1].txt', 'UPPER.JS']) {
    fs.mkdirSync(`tree/${file.slice(0, Math.max(file.lastIndexOf('/'), 0))}`, { recursive: true });
    fs.writeFileSync(`tree/${file}`, file);
  }
  fs.symlinkSync('a', 'tree/link');
  const show = async (pattern, options) => console.log(pattern, JSON.stringify([...await glob(pattern, { cwd: 'tree', ...options })].map(String).sort()));
  await show('**/*.js');
  await show('**/*.{js,ts}', { ignore: ['node/**'] });
  await show('**/*.js', { dot: true, nocase: true });
  await show('**/*.js', { follow: true });
  await show('a/**', { nodir: true });
  await show(['*/', 'f*'], { mark: true });
  await show(escape('f[1].txt'));
  await show('a/?.js', { absolute: false, dotRelative: true });
  await show('!(a)/**/+(y|z).js');
  console.log(globSync('a/*', { cwd: 'tree', withFileTypes: true }).map((it) => [it.name, it.isDirectory()]).sort().join(' '), hasMagic('a?b'), hasMagic('ab'));
  const found = [];
  for await (const path of globStream('**/c.js', { cwd: 'tree' })) found.push(path);
  console.log(found);
}
main();
