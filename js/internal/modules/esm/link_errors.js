// Mistakes that show when modules are linked: names that a CommonJS module does not export get advice.
'use strict';

const { arrayJoin, regExpExec, replaceAll, split } = require('internal/captured');

/**
 * @param {any} error thrown by V8
 * @param {ModuleRecord} record
 * @param {(specifier: string, parent: string) => string} resolve
 * @param {(url: string) => ModuleRecord | undefined} find
 * @returns {any} the same, with a better text where there is one
 */
function explainLinkError(error, record, resolve, find) {
  const message = error?.message;
  if (typeof message !== 'string' || typeof error.stack !== 'string') return error;
  const match = regExpExec(/^The requested module '(.+)' does not provide an export named '(.+)'$/, message);
  if (match === null) return error;
  const lines = split(error.stack, '\n');
  const parent = regExpExec(/^(.*):\d+$/, lines[0])?.[1];
  if (parent === undefined) return error;
  const { 1: specifier, 2: name } = match;
  let child;
  try {
    child = find(resolve(specifier, parent));
  } catch {
    return error;
  }
  if (child?.format !== 'commonjs') return error;
  const names = regExpExec(/{.*}/, lines[1])?.[0];
  const destructuring = names === undefined ? undefined : replaceAll(names, / as /g, ': ');
  error.message =
    `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, which may ` +
    'not support all module.exports as named exports.\nCommonJS modules can always be imported via the ' +
    `default export, for example using:\n\nimport pkg from '${specifier}';\n` +
    (destructuring === undefined ? '' : `const ${destructuring} = pkg;\n`);
  lines[3] = `SyntaxError: ${error.message}`;
  error.stack = arrayJoin(lines, '\n');
  return error;
}

module.exports = { explainLinkError };
