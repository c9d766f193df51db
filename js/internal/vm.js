// Contexts and functions of text, as `node:vm` and the runtime's own files use them.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const {
  kValidateObjectAllowObjects,
  validateArray,
  validateBoolean,
  validateBuffer,
  validateInt32,
  validateObject,
  validateString,
  validateStringArray,
} = require('internal/validators');
const { register, symbolFor } = require('internal/vm/dynamic_import');
const binding = internalBinding('vm');

/**
 * @param {unknown} object
 * @returns {boolean} whether it is a context's global object or stands for one
 */
function isContext(object) {
  return binding.isContext(object);
}

/** Makes `cachedData` of what the engine has compiled a Buffer. */
function wrapCachedData(target) {
  const { cachedData } = target;
  if (cachedData === undefined) return;
  target.cachedData = toBuffer(cachedData);
}

function toBuffer({ buffer, byteOffset, byteLength }) {
  return require('buffer').Buffer.from(buffer, byteOffset, byteLength);
}

function validateContextExtensions(extensions) {
  validateArray(extensions, 'options.contextExtensions');
  for (let i = 0; i < extensions.length; i++) {
    validateObject(extensions[i], `options.contextExtensions[${i}]`, kValidateObjectAllowObjects);
  }
}

/**
 * @param {string} code the body
 * @param {string[]} [params] the names of the parameters
 * @param {object} [options]
 * @returns {Function}
 */
function compileFunction(code, params, options = {}) {
  validateString(code, 'code');
  if (params !== undefined) validateStringArray(params, 'params');
  validateObject(options, 'options');
  const {
    filename = '',
    columnOffset = 0,
    lineOffset = 0,
    cachedData,
    produceCachedData = false,
    parsingContext,
    contextExtensions = [],
    importModuleDynamically,
  } = options;
  validateString(filename, 'options.filename');
  validateInt32(columnOffset, 'options.columnOffset');
  validateInt32(lineOffset, 'options.lineOffset');
  if (cachedData !== undefined) validateBuffer(cachedData, 'options.cachedData');
  validateBoolean(produceCachedData, 'options.produceCachedData');
  if (parsingContext !== undefined && !isContext(parsingContext)) {
    throw new ERR_INVALID_ARG_TYPE('options.parsingContext', 'Context', parsingContext);
  }
  validateContextExtensions(contextExtensions);
  const symbol = symbolFor(importModuleDynamically, filename);
  const result = binding.compileFunction(
    code, filename, lineOffset, columnOffset, cachedData, produceCachedData, parsingContext, contextExtensions,
    params, symbol,
  );
  const compiled = result.function;
  if (produceCachedData) compiled.cachedDataProduced = result.cachedDataProduced;
  if (result.cachedData !== undefined) compiled.cachedData = toBuffer(result.cachedData);
  if (cachedData !== undefined) compiled.cachedDataRejected = result.cachedDataRejected;
  register(symbol, importModuleDynamically, compiled);
  return compiled;
}

module.exports = { compileFunction, isContext, toBuffer, wrapCachedData };
