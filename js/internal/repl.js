// The REPL as a program: its options are variables of the environment.
'use strict';

const repl = require('repl');
const { kStandaloneREPL } = require('internal/repl/server');

/**
 * @param {Record<string, string>} env
 * @param {object} options  of `repl.start`
 * @param {(error: Error | null, repl: REPLServer) => void} callback  when the history is there
 */
function createInternalRepl(env, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = {};
  }
  const given = {
    [kStandaloneREPL]: true,
    ignoreUndefined: false,
    useGlobal: true,
    breakEvalOnSigint: true,
    ...options,
  };
  if (Number.parseInt(env.NODE_NO_READLINE, 10)) given.terminal = false;
  if (env.NODE_REPL_MODE) {
    given.replMode = {
      strict: repl.REPL_MODE_STRICT,
      sloppy: repl.REPL_MODE_SLOPPY,
    }[env.NODE_REPL_MODE.toLowerCase().trim()];
  }
  if (given.replMode === undefined) given.replMode = repl.REPL_MODE_SLOPPY;
  const size = Number(env.NODE_REPL_HISTORY_SIZE);
  given.size = size > 0 ? size : 1000;
  const server = repl.start(given);
  const isTerminal = given.terminal ?? process.stdout.isTTY;
  if (!isTerminal) {
    callback(null, server);
    return;
  }
  server.setupHistory({ filePath: env.NODE_REPL_HISTORY, size: given.size, onHistoryFileLoaded: callback });
}

/** Starts the REPL of this process. */
function run() {
  const { getOptionValue } = require('internal/options');
  if (getOptionValue('--input-type')) {
    // There is no session of modules.
    process._rawDebug('Cannot specify --input-type for REPL');
    process.exit(1);
  }
  process.stdout.write(`Welcome to Node.js ${process.version}.\nType ".help" for more information.\n`);
  createInternalRepl(process.env, (error, server) => {
    if (error) throw error;
    server.on('exit', () => {
      if (server.historyManager.isFlushing) server.once('flushHistory', () => process.exit());
      else process.exit();
    });
  });
}

module.exports = { ...repl, createInternalRepl, run };
