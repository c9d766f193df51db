// Node's `sea`: what a program may ask about the single executable that it is in. A program of Ironode's is in none.
'use strict';

const {
  codes: { ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION },
} = require('internal/errors');
const { validateString } = require('internal/validators');

/** @returns {boolean} whether the program is part of a single executable */
function isSea() {
  return false;
}

/**
 * @param {string} key
 * @param {string} [encoding]
 * @throws {Error} ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION
 */
function getAsset(key, encoding) {
  if (encoding !== undefined) validateString(encoding, 'encoding');
  getRawAsset(key);
}

/**
 * @param {string} key
 * @throws {Error} ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION
 */
function getRawAsset(key) {
  validateString(key, 'key');
  throw new ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION();
}

/**
 * @param {string} key
 * @param {{ type?: string }} [options]
 * @throws {Error} ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION
 */
function getAssetAsBlob(key, options) {
  getRawAsset(key);
}

/** @throws {Error} ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION */
function getAssetKeys() {
  throw new ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION();
}

module.exports = { isSea, getAsset, getRawAsset, getAssetAsBlob, getAssetKeys };
