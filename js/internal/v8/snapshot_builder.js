// `--build-snapshot`: runs the program that is to be kept in a snapshot, and makes it ready for that.
'use strict';

const path = require('path');
const { builtinId } = require('internal/modules/builtins');
const { requireBuiltin } = require('internal/bootstrap/realm');
const { compileFunction } = require('internal/vm');
const { getOptionValue } = require('internal/options');
const snapshot = require('internal/v8/startup_snapshot');

/** The name that stands for a program without any text. */
const EMPTY = 'node:embedded_snapshot_main';

/** Modules that real Node has not checked in snapshots. */
const unverified = new Set([
  '_http_agent', '_http_client', '_http_common', '_http_incoming', '_http_outgoing', '_http_server', '_tls_common',
  '_tls_wrap', 'async_hooks', 'child_process', 'cluster', 'dgram', 'dns/promises', 'domain', 'ffi', 'http', 'http2',
  'https', 'inspector', 'inspector/promises', 'module', 'perf_hooks', 'readline', 'readline/promises', 'repl', 'sea',
  'sqlite', 'stream/consumers', 'stream/web', 'test', 'test/reporters', 'tls', 'trace_events', 'tty', 'vm', 'wasi',
  'worker_threads',
]);

const warned = new Set();

function warnOf(id) {
  if (warned.has(id)) return;
  warned.add(id);
  process.emitWarning(
    `It's not yet fully verified whether built-in module "${id}" works in user snapshot builder scripts.\n` +
    'It may still work in some cases, but in other cases certain run-time states may be out-of-sync after snapshot ' +
    'deserialization.\n' +
    'To request support for the module, use the Node.js issue tracker: https://github.com/nodejs/node/issues',
  );
}

/** The `require` of the program, which has the built-in modules alone. */
function requireForUserSnapshot(id) {
  const name = builtinId(id);
  if (name === undefined) {
    const error = new Error(`Cannot find module '${id}'. `);
    error.code = 'MODULE_NOT_FOUND';
    throw error;
  }
  if (unverified.has(name) && snapshot.startupSnapshot.isBuildingSnapshot()) warnOf(id);
  return requireBuiltin(name);
}

/** V8 leaves `Error.stackTraceLimit` out of contexts that are to be kept, and sets it in each process. */
let stackTraceLimit;

const DEFAULT_STACK_TRACE_LIMIT = 10;

let prepareStackTrace;

/** @param {string} file  the program, as on the command line */
function run(file) {
  snapshot.build();
  stackTraceLimit = getOptionValue('--stack-trace-limit') ?? DEFAULT_STACK_TRACE_LIMIT;
  Error.stackTraceLimit = stackTraceLimit;
  // As in Node, stacks begin with what V8 gives them.
  prepareStackTrace = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  delete Error.prepareStackTrace;
  process.argv.splice(1, 0, file);
  if (getOptionValue('--experimental-sea-config') !== undefined) {
    require('internal/util').emitExperimentalWarning('Single executable application');
  }
  if (file === EMPTY) return;
  const filename = path.resolve(file);
  const source = require('internal/modules/cjs').stripShebangOrBOM(
    internalBinding('modules').readTextFile(filename),
  );
  const program = compileFunction(source, ['require', '__filename', '__dirname'], { filename });
  Reflect.apply(program, undefined, [requireForUserSnapshot, filename, path.dirname(filename)]);
}

/** Keeps what the program has made of `Error.stackTraceLimit`. */
function keepStackTraceLimit() {
  const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  delete Error.stackTraceLimit;
  if (limit !== undefined && limit.value === stackTraceLimit) return;
  process._rawDebug(
    'Error.stackTraceLimit has been modified by the snapshot builder script.\n' +
    'It will be preserved after snapshot deserialization.',
  );
  require('internal/revival').whenRevived(() => {
    delete Error.stackTraceLimit;
    if (limit !== undefined) Object.defineProperty(Error, 'stackTraceLimit', limit);
  });
}

/** Whether the program is to become one executable with Ironode. */
function isForExecutable() {
  return getOptionValue('--build-sea') !== undefined || getOptionValue('--experimental-sea-config') !== undefined;
}

/**
 * Called by the host when the program has ended.
 * @returns {number} the exit code; the program is kept where it is 0
 */
function finish() {
  const code = process.exitCode ?? 0;
  if (code !== 0) return code;
  if (isForExecutable() && snapshot.revivedMain() === undefined) {
    process._rawDebug(
      `${process.argv[1]} does not invoke v8.startupSnapshot.setDeserializeMainFunction(), which is required for ` +
      'snapshot scripts used to build single executable applications.',
    );
    return 1;
  }
  snapshot.keep();
  keepStackTraceLimit();
  if (!Object.hasOwn(Error, 'prepareStackTrace')) Object.defineProperty(Error, 'prepareStackTrace', prepareStackTrace);
  require('internal/process/exit').writeLastRecordings();
  // An object of this process.
  delete process.env;
  return 0;
}

module.exports = { finish, run };
