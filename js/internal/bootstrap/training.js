// Runs, while Ironode is built, what programs do as they start, so that those functions are kept compiled beside the
// snapshot: the start of a server is not the time to compile it. The context it runs in is thrown away.
'use strict';

const { publicBuiltins } = require('internal/bootstrap/realm');
const { prepare } = require('internal/process/object');

const noop = () => {};

/** Calls what cannot succeed here: what it has compiled until then is kept. */
function attempt(callback) {
  try {
    callback();
  } catch {
    // Only that it is compiled matters.
  }
}

function trainServers() {
  const http = require('http');
  const server = http.createServer(noop);
  server.on('error', noop);
  server.listen(0, '127.0.0.1', noop);
  server.address();
  server.close();
  require('net').createServer(noop).listen(0, noop).close();
  require('tty').isatty(1);
  clearTimeout(setTimeout(noop, 1000).unref());
  clearInterval(setInterval(noop, 1000));
}

function trainFiles() {
  const fs = require('fs');
  fs.statSync('/');
  fs.existsSync('/none');
  fs.readdirSync('/proc/self');
  fs.readFileSync('/proc/self/status', 'utf8');
  fs.realpathSync('/proc');
  fs.createReadStream('/proc/self/status').on('error', noop).destroy();
  fs.promises.readFile('/proc/self/status').catch(noop);
}

function trainData() {
  const { createHash, randomBytes } = require('crypto');
  createHash('sha256').update('a').digest('hex');
  randomBytes(8).toString('base64');
  const { PassThrough, Readable, Transform, Writable, finished, pipeline } = require('stream');
  const sink = new Writable({ write: (chunk, encoding, callback) => callback() });
  pipeline(Readable.from(['a', 'b']), new Transform({ transform: (chunk, _, next) => next(null, chunk) }), sink, noop);
  finished(new PassThrough().end('a'), noop);
  const url = new URL('https://user@example.org:81/a/../b?c=d#e');
  url.searchParams.get('c');
  require('url').parse('http://example.org/a?b=c');
  require('url').fileURLToPath('file:///a');
  require('querystring').parse('a=b');
  new TextDecoder().decode(new TextEncoder().encode('a'));
  require('util').inherits(function Inheritor() {}, Writable);
  require('util').promisify(noop);
  require('util').deprecate(noop, 'a');
  new AbortController().signal.addEventListener('abort', noop);
  require('zlib').gzipSync('a');
}

/** Other processes and the channel to one, from both sides. */
function trainProcesses() {
  const { execFile, spawn } = require('child_process');
  const { kChannelHandle, openParentChannel } = require('internal/child_process/ipc');
  attempt(() => execFile('/bin/true', noop));
  attempt(() => {
    const child = spawn('/bin/true', [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.on('message', noop).on('exit', noop);
    child.send({ a: 1 }, noop);
    child[kChannelHandle].onmessage({ a: 1 });
    child._handle.onexit(0, 0);
    child.disconnect();
  });
  attempt(() => {
    // Any descriptor that can be waited for will do.
    openParentChannel(require('fs').openSync('/dev/random'), 'json');
    process.on('message', noop);
    process.send({ a: 1 }, noop);
    process[kChannelHandle].onmessage({ a: 1 });
    process.removeListener('message', noop);
    process.disconnect();
  });
  attempt(() => require('internal/cluster/child'));
  attempt(() => require('internal/cluster/primary'));
}

/** The files of a program that uses what packages use. */
const program = {
  'main.js': `
    exports.all = [require('a'), require('b'), require('b/sub'), require('c'), require('./lib'), require('./data')];
    require('./lib/again.js');
    require('#inner');
    require.resolve('a');
    require('node:fs');`,
  'package.json': '{ "name": "training", "version": "1.0.0", "imports": { "#inner": "./lib/again.js" } }',
  'data.json': '{ "a": 1 }',
  'lib/index.js': 'exports.again = require("./again");',
  'lib/again.js': 'exports.early = require(".").again; Object.defineProperty(exports, "__esModule", { value: true });',
  'node_modules/a/package.json': '{ "name": "a", "version": "1.0.0", "main": "lib/a" }',
  'node_modules/a/lib/a.js': 'module.exports = () => require("b");',
  'node_modules/b/package.json': `{ "name": "b", "version": "1.0.0", "exports": {
    ".": { "types": "./b.d.ts", "import": "./b.mjs", "require": "./b.js", "default": "./b.js" },
    "./sub": "./b.js", "./*": "./lib/*.js" } }`,
  'node_modules/b/b.js': 'module.exports = class B {};',
  'node_modules/c/package.json': '{ "name": "c", "version": "1.0.0", "type": "module", "exports": "./c.js" }',
  'node_modules/c/c.js': `
    import fs, { readFileSync } from 'node:fs';
    import b from 'b/sub';
    import { inner } from './inner.js';
    export { inner as default };
    export const url = import.meta.url;`,
  'node_modules/c/inner.js': 'export function inner() {}',
};

/** Loads modules of all kinds, with the compile cache and then without it. */
function trainModules() {
  const fs = require('fs');
  const path = require('path');
  const { Module, useCompileCache } = require('internal/modules/cjs');
  const root = fs.mkdtempSync(path.join(require('os').tmpdir(), 'ironode-training-'));
  try {
    for (const [name, text] of Object.entries(program)) {
      const file = path.join(root, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
    useCompileCache().enableCompileCache(path.join(root, 'cache'));
    Module._load(path.join(root, 'main.js'), null, true);
    attempt(() => Module.createRequire(root)('none'));
    useCompileCache().flushCompileCache();
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** Called by the host while Ironode is built. */
function train() {
  prepare(process, {});
  for (const id of publicBuiltins()) attempt(() => require(id));
  trainModules();
  trainFiles();
  trainData();
  trainServers();
  trainProcesses();
}

module.exports = { train };
