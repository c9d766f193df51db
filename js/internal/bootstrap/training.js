// Runs, while Ironode is built, what programs do as they start, so that those functions are kept compiled beside the
// snapshot: the start of a server is not the time to compile it. The context it runs in is thrown away.
'use strict';

const { publicBuiltins } = require('internal/bootstrap/loader');
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

/** What the loader of modules does beyond what the rehearsal for the snapshot does. */
function trainModules() {
  const { Module, useCompileCache } = require('internal/modules/cjs');
  useCompileCache();
  const module = new Module('/training.js', null);
  module.filename = '/training.js';
  module.paths = Module._nodeModulePaths('/');
  module._compile('exports.a = 1;', module.filename);
  Module.createRequire('/training.js').resolve('fs');
  attempt(() => module.require('training-none'));
  attempt(() => module.require('#training'));
  require('internal/modules/esm/loader');
  require('internal/modules/package_exports').resolveExports(
    { __proto__: null, folder: '/a', file: '/a/package.json', exports: { '.': { require: './a.js' } } }, '.', '/b'
  );
}

/** Called by the host while Ironode is built. */
function train() {
  prepare(process, {});
  for (const id of publicBuiltins()) attempt(() => require(id));
  trainModules();
  trainFiles();
  trainData();
  trainServers();
}

module.exports = { train };
