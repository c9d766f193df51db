// What the REPL asks of V8's inspector: values without side effects, code that awaits at its top level, and
// the names that scripts have declared.
'use strict';

const binding = internalBinding('repl');

let lastId = 0;

function toMessage(id, method, params) {
  return JSON.stringify({ id, method, params });
}

/** @returns {any} the value that a remote object of the inspector stands for */
function toValue(remote) {
  if (remote.objectId !== undefined) return binding.unwrap(remote.objectId);
  const { unserializableValue: text } = remote;
  if (text === undefined) return remote.value;
  return text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text);
}

/** @returns {{ value?: any, error?: any, failed: boolean, className?: string } | undefined} */
function readAnswer(answer) {
  const { result } = JSON.parse(answer);
  if (result === undefined) return undefined;
  const { exceptionDetails } = result;
  if (exceptionDetails === undefined) return { failed: false, value: toValue(result.result) };
  const { exception } = exceptionDetails;
  if (exception === undefined) return undefined;
  return { failed: true, error: toValue(exception), className: exception.className };
}

/**
 * Evaluates an expression unless that would have a side effect.
 * @param {object | undefined} context  contextified; undefined for the main one
 * @param {string} expression
 * @param {number} timeout in milliseconds
 * @returns {{ value?: any, error?: any, failed: boolean, className?: string } | undefined}
 */
function evaluateWithoutSideEffects(context, expression, timeout) {
  const id = ++lastId;
  const answer = binding.dispatch(id, toMessage(id, 'Runtime.evaluate', {
    expression,
    contextId: binding.contextId(context),
    throwOnSideEffect: true,
    timeout,
    silent: true,
    objectGroup: 'preview',
  }));
  return answer === undefined ? undefined : readAnswer(answer);
}

/**
 * Evaluates code that may await at its top level.
 * @param {object | undefined} context  contextified; undefined for the main one
 * @param {string} code
 * @param {string} file  the name of the code
 * @param {(error: { thrown: any } | null, value?: any) => void} callback
 */
function evaluateAwaiting(context, code, file, callback) {
  const id = ++lastId;
  const settle = (answer) => {
    const outcome = readAnswer(answer);
    if (outcome === undefined) callback({ thrown: new Error('Script execution was interrupted') });
    else if (outcome.failed) callback({ thrown: outcome.error });
    else callback(null, outcome.value);
  };
  const answer = binding.dispatch(id, toMessage(id, 'Runtime.evaluate', {
    expression: `${code}\n//# sourceURL=${file}`,
    contextId: binding.contextId(context),
    replMode: true,
    awaitPromise: true,
    silent: true,
    objectGroup: 'repl',
  }), settle);
  if (answer !== undefined) settle(answer);
}

/**
 * @param {object | undefined} context  contextified; undefined for the main one
 * @returns {string[]} names of `let`, `const` and `class` of scripts
 */
function lexicalNames(context) {
  const id = ++lastId;
  const params = { executionContextId: binding.contextId(context) };
  const answer = binding.dispatch(id, toMessage(id, 'Runtime.globalLexicalScopeNames', params));
  return answer === undefined ? [] : JSON.parse(answer).result?.names ?? [];
}

/**
 * @param {string} source
 * @returns {[message: string, start: number, end: number] | undefined} what keeps a script from compiling
 */
function syntaxError(source) {
  return binding.syntaxError(source);
}

module.exports = { evaluateAwaiting, evaluateWithoutSideEffects, lexicalNames, syntaxError };
