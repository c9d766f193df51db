// Node's `sea`: what a program may ask about the single executable that it is in.
'use strict';

const {
  codes: {
    ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION, ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND,
  },
} = require('internal/errors');
const { validateString } = require('internal/validators');
const binding = internalBinding('sea');

/** @returns {boolean} whether the program is part of a single executable */
function isSea() {
  return binding.isSea();
}

function mustBeSea() {
  if (!binding.isSea()) throw new ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION();
}

/**
 * @param {string} key
 * @returns {ArrayBuffer} the asset as it lies in the executable: whoever writes to it changes it for everybody
 * @throws {Error} ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION, ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND
 */
function getRawAsset(key) {
  validateString(key, 'key');
  mustBeSea();
  const asset = binding.asset(key);
  if (asset === undefined) throw new ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND(key);
  return asset;
}

/**
 * @param {string} key
 * @param {string} [encoding]
 * @returns {ArrayBuffer | string} a copy of the asset, or its text
 * @throws {Error} ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION, ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND
 */
function getAsset(key, encoding) {
  if (encoding !== undefined) validateString(encoding, 'encoding');
  const asset = getRawAsset(key);
  if (encoding === undefined) return asset.slice();
  const { TextDecoder } = require('util');
  return new TextDecoder(encoding).decode(asset);
}

/**
 * @param {string} key
 * @param {{ type?: string }} [options]
 * @returns {Blob}
 * @throws {Error} ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION, ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND
 */
function getAssetAsBlob(key, options) {
  const asset = getRawAsset(key);
  const { Blob } = require('buffer');
  return new Blob([asset], options);
}

/**
 * @returns {string[]} the keys of all assets
 * @throws {Error} ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION
 */
function getAssetKeys() {
  mustBeSea();
  return binding.assetKeys();
}

module.exports = { isSea, getAsset, getRawAsset, getAssetAsBlob, getAssetKeys };
