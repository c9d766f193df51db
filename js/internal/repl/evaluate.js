// How the REPL evaluates what is entered: as a script, with top-level await, and which mistakes mean that
// more lines are to come.
'use strict';

const vm = require('vm');
const { isNativeError } = require('internal/util/types');
const { syntaxError } = require('internal/repl/inspection');

const objectLiteral = /^\s*{/;
const endsWithSemicolon = /;\s*$/;
/** Mistakes that the engine places at what they are about. */
const missingAtEnd = /^(Missing initializer in|Missing catch or finally|missing \) after)/;
const importStatement = /^\s*import(?!\s*[.(])/;

/** Tells the REPL that the code is not complete: pass it to the callback of `eval`. */
function Recoverable(error) {
  this.err = error;
}
Object.setPrototypeOf(Recoverable.prototype, SyntaxError.prototype);
Object.setPrototypeOf(Recoverable, SyntaxError);
Object.defineProperty(Recoverable.prototype, 'constructor', { enumerable: false });

/** Whether a string literal goes on in the next line: the last line ends in a backslash. */
function continuesString(code) {
  return /\\\r?\n?$/.test(code.replace(/\n$/, ''));
}

/** Whether a comment that began with slash and asterisk has no end. */
function hasOpenComment(code) {
  return syntaxError(`${code}*/`) === undefined && code.includes('/*');
}

/**
 * @param {string} code  that cannot be compiled
 * @returns {boolean} whether it could be the beginning of code that can
 */
function isRecoverable(code) {
  const mistake = syntaxError(code);
  if (mistake === undefined) return false;
  const message = mistake[0].replace(/^Uncaught SyntaxError: /, '');
  if (message === 'Unterminated template literal' || message === 'Unexpected end of input') return true;
  if (message === 'Invalid or unexpected token') return continuesString(code) || hasOpenComment(code);
  if (/^Invalid regular expression: missing \//.test(message)) return false;
  // What is missing at the end may be in the next line.
  const { length } = code.trimEnd();
  return mistake[1] >= length || (mistake[2] >= length && missingAtEnd.test(message));
}

/** Whether the code is valid where `await` may be used. */
function awaitMistake(code) {
  return syntaxError(`async () => {${code}\n}`);
}

/**
 * Whether code awaits at its top level: then it is valid in an async function, but not in a static block, where
 * `await` is neither a name nor an operator.
 */
function hasTopLevelAwait(code) {
  return awaitMistake(code) === undefined && syntaxError(`(class { static { ${code}\n} })`) !== undefined;
}

/** Whether an async function of that body could become valid with more lines. */
function isRecoverableAwaiting(code) {
  const mistake = awaitMistake(code);
  if (mistake === undefined) return false;
  if (/Unterminated template|Unexpected end of input/.test(mistake[0])) return true;
  return mistake[1] >= 'async () => {'.length + code.trimEnd().length;
}

/** The error of an `import` declaration, with what to write instead. */
function explainImport(code, error) {
  const match = /import\s+(?:(.+?)\s+from\s+)?(['"])(.+?)\2/s.exec(code);
  if (match === null) return;
  const [, names, , specifier] = match;
  let hint = `await import(${JSON.stringify(specifier)});`;
  if (names !== undefined) hint = `const ${toPattern(names)} = ${hint}`;
  error.message = 'Cannot use import statement inside the Node.js REPL, alternatively use dynamic import: ' + hint;
  error.stack = error.stack.replace(/SyntaxError:.*/, `SyntaxError: ${error.message}`);
}

function toPattern(names) {
  const namespace = /^\*\s*as\s+(\S+)$/.exec(names);
  if (namespace !== null) return namespace[1];
  const parts = [];
  for (const part of names.split(/,(?![^{]*})/).map((one) => one.trim())) {
    if (part.startsWith('{')) parts.push(part.slice(1, -1).trim().replaceAll(' as ', ': '));
    else parts.push(`default: ${part}`);
  }
  return `{ ${parts.join(', ')} }`;
}

function compile(code, file) {
  return new vm.Script(code, {
    filename: file,
    displayErrors: true,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

/** The script of the code, as an object literal where it can be one. */
function compileEntered(code, file, isStrict) {
  const prefix = isStrict ? '\'use strict\'; void 0;\n' : '';
  if (objectLiteral.test(code) && !endsWithSemicolon.test(code)) {
    const wrapped = `(${code.trim()})\n`;
    if (syntaxError(wrapped) === undefined) return compile(prefix + wrapped, file);
  }
  return compile(prefix + code, file);
}

/**
 * The evaluation of a REPL that has no other one.
 * @param {REPLServer} repl
 * @param {string} code
 * @param {object} context
 * @param {string} file  the name of the code
 * @param {(error: any, value?: any, asynchronous?: boolean) => void} callback
 */
function evaluate(repl, code, context, file, callback) {
  if (code === '\n') {
    callback(null);
    return;
  }
  if (code.includes('await') && hasTopLevelAwait(code)) {
    evaluateAwait(repl, code, context, file, callback);
    return;
  }
  let script;
  try {
    script = compileEntered(code, file, repl.replMode === repl.strictMode);
  } catch (error) {
    callback(explain(code, error));
    return;
  }
  run(repl, script, context, callback);
}

function explain(code, error) {
  const isIncomplete = isRecoverable(code) || (code.includes('await') && isRecoverableAwaiting(code));
  if (isIncomplete) return new Recoverable(error);
  if (importStatement.test(code)) explainImport(code, error);
  return error;
}

function run(repl, script, context, callback) {
  const interrupts = repl.breakEvalOnSigint && repl.terminal;
  const options = { displayErrors: false, breakOnSigint: repl.breakEvalOnSigint };
  let value;
  if (interrupts) repl._setRawMode(false);
  try {
    value = repl.useGlobal ? script.runInThisContext(options) : script.runInContext(context, options);
  } catch (error) {
    if (interrupts) repl._setRawMode(true);
    if (process.domain) process.domain.emit('error', error);
    else callback(markThrown(error));
    return;
  }
  if (interrupts) repl._setRawMode(true);
  callback(null, value);
}

/** Any value can be thrown, also null. */
function markThrown(error) {
  return error ?? { __proto__: Thrown.prototype, value: error };
}

/** Stands for null or undefined that was thrown. */
class Thrown {}

function evaluateAwait(repl, code, context, file, callback) {
  const { evaluateAwaiting } = require('internal/repl/inspection');
  repl.pause();
  let interrupt;
  if (repl.breakEvalOnSigint) {
    interrupt = () => {
      const error = new (require('internal/errors').codes.ERR_SCRIPT_EXECUTION_INTERRUPTED)();
      finish({ thrown: error });
    };
    process.once('SIGINT', interrupt);
    if (repl.terminal) repl._setRawMode(false);
  }
  let isDone = false;
  function finish(error, value) {
    if (isDone) return;
    isDone = true;
    if (interrupt !== undefined) {
      process.removeListener('SIGINT', interrupt);
      if (repl.terminal) repl._setRawMode(true);
    }
    if (error === null) callback(null, value);
    else callback(markThrown(error.thrown));
    repl.continueInput();
  }
  repl.holdInput();
  evaluateAwaiting(repl.useGlobal ? undefined : context, code, file, finish);
}

/** @returns {boolean} whether `error` is an error whose stack can be read */
function isErrorLike(error) {
  return isNativeError(error) || error instanceof Error;
}

/**
 * Whether a line is complete and correct by itself: for scripts that are given to the REPL.
 * @param {string} code
 * @returns {boolean}
 */
function isValidSyntax(code) {
  return syntaxError(code) === undefined || syntaxError(`(${code}\n)`) === undefined ||
    awaitMistake(code) === undefined;
}

module.exports = { Recoverable, Thrown, evaluate, isErrorLike, isValidSyntax };
