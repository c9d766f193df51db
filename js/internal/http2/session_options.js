// The options of sessions as the native session takes them.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateArray, validateUint32 } = require('internal/validators');
const { MAX_CUSTOM_SETTINGS } = require('internal/http2/settings');

/** What is not given. */
const NONE = -1;

/** The least number of headers: those that every message has. */
const MIN_SERVER_HEADERS = 4;
const MIN_CLIENT_HEADERS = 1;

const MEGABYTE = 1e6;

/** Numbers that are taken as they are, where they are numbers. */
function given(options, name) {
  const value = options[name];
  return typeof value === 'number' && value >= 0 ? value : NONE;
}

/**
 * @param {object} options
 * @param {boolean} isServer
 * @returns {number[]} in the order that `ops/http2/session.rs` knows
 */
function nativeOptions(options, isServer) {
  const pairs = given(options, 'maxHeaderListPairs');
  const minimum = isServer ? MIN_SERVER_HEADERS : MIN_CLIENT_HEADERS;
  const memory = given(options, 'maxSessionMemory');
  return [
    given(options, 'maxDeflateDynamicTableSize'),
    given(options, 'maxReservedRemoteStreams'),
    given(options, 'maxSendHeaderBlockLength'),
    given(options, 'peerMaxConcurrentStreams'),
    NONE,
    given(options, 'maxSettings'),
    given(options, 'streamResetBurst'),
    given(options, 'streamResetRate'),
    options.strictFieldWhitespaceValidation === false ? 1 : 0,
    given(options, 'paddingStrategy'),
    pairs === NONE ? NONE : Math.max(pairs, minimum),
    memory === NONE ? NONE : memory * MEGABYTE,
    given(options, 'maxSessionInvalidFrames'),
    given(options, 'maxSessionRejectedStreams'),
  ];
}

/**
 * Checks what sessions of clients and servers have in common.
 * @param {object} options
 * @throws {ERR_INVALID_ARG_TYPE | ERR_OUT_OF_RANGE | ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS}
 */
function checkSessionOptions(options) {
  const { settings } = options;
  if (settings !== undefined && (settings === null || typeof settings !== 'object')) {
    throw new ERR_INVALID_ARG_TYPE('options.settings', 'Object', settings);
  }
  if (options.maxSessionInvalidFrames !== undefined) {
    validateUint32(options.maxSessionInvalidFrames, 'options.maxSessionInvalidFrames');
  }
  if (options.maxSessionRejectedStreams !== undefined) {
    validateUint32(options.maxSessionRejectedStreams, 'options.maxSessionRejectedStreams');
  }
  const custom = options.remoteCustomSettings;
  if (custom !== undefined) {
    validateArray(custom, 'options.remoteCustomSettings');
    if (custom.length > MAX_CUSTOM_SETTINGS) {
      const { codes } = require('internal/errors');
      throw new codes.ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS();
    }
  }
}

module.exports = { checkSessionOptions, nativeOptions };
