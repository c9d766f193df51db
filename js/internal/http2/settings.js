// Settings: their names and numbers, checks, and the form in which they are sent.
'use strict';

const {
  codes: {
    ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH, ERR_HTTP2_INVALID_SETTING_VALUE, ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS,
    ERR_INVALID_ARG_TYPE,
  },
} = require('internal/errors');
const { validateObject } = require('internal/validators');
const { Buffer } = require('buffer');
const { isUint8Array, isArrayBufferView } = require('internal/util/types');

const MAX_UINT32 = 2 ** 32 - 1;
const MAX_UINT31 = 2 ** 31 - 1;
const MIN_FRAME_SIZE = 16384;
const MAX_FRAME_SIZE = 2 ** 24 - 1;
const MAX_CUSTOM_SETTINGS = 10;
const MAX_CUSTOM_ID = 0xffff;
const ENTRY_SIZE = 6;

/** The settings with numbers, in the order in which they are sent: id, least and greatest value. */
const NUMERIC = {
  __proto__: null,
  headerTableSize: [1, 0, MAX_UINT32],
  maxConcurrentStreams: [3, 0, MAX_UINT32],
  initialWindowSize: [4, 0, MAX_UINT31],
  maxFrameSize: [5, MIN_FRAME_SIZE, MAX_FRAME_SIZE],
  maxHeaderListSize: [6, 0, MAX_UINT32],
  maxHeaderSize: [6, 0, MAX_UINT32],
};

/** Those that are yes or no. */
const BOOLEAN = { __proto__: null, enablePush: 2, enableConnectProtocol: 8 };

/** The names, by id. */
const NAMES = {
  1: 'headerTableSize',
  2: 'enablePush',
  3: 'maxConcurrentStreams',
  4: 'initialWindowSize',
  5: 'maxFrameSize',
  6: 'maxHeaderListSize',
  8: 'enableConnectProtocol',
};

const isRange = (value, least, greatest) => typeof value === 'number' && value >= least && value <= greatest;

/**
 * @param {object} settings
 * @throws {ERR_HTTP2_INVALID_SETTING_VALUE | ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS}
 */
function checkSettings(settings) {
  if (settings === undefined) return;
  for (const name of Object.keys(NUMERIC)) {
    const [, least, greatest] = NUMERIC[name];
    const value = settings[name];
    if (value !== undefined && !isRange(value, least, greatest)) {
      throw new ERR_HTTP2_INVALID_SETTING_VALUE.RangeError(name, value, least, greatest);
    }
  }
  for (const name of Object.keys(BOOLEAN)) {
    const value = settings[name];
    if (value !== undefined && typeof value !== 'boolean') throw new ERR_HTTP2_INVALID_SETTING_VALUE(name, value);
  }
  const custom = settings.customSettings;
  if (custom === undefined) return;
  const entries = Object.entries(custom);
  if (entries.length > MAX_CUSTOM_SETTINGS) throw new ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS();
  for (const [id, value] of entries) {
    if (!isRange(Number(id), 0, MAX_CUSTOM_ID)) {
      throw new ERR_HTTP2_INVALID_SETTING_VALUE.RangeError('Range Error', Number(id), 0, MAX_CUSTOM_ID);
    }
    if (!isRange(Number(value), 0, MAX_UINT32)) {
      throw new ERR_HTTP2_INVALID_SETTING_VALUE.RangeError('Range Error', Number(value), 0, MAX_UINT32);
    }
  }
}

/**
 * @param {object} settings that are valid
 * @returns {number[]} ids and values in turn, in the order in which they are sent
 */
function settingsEntries(settings) {
  const values = new Map();
  for (let id = 1; id <= 8; id++) {
    const name = NAMES[id];
    if (name === undefined) continue;
    const value = settings[name];
    if (value !== undefined) values.set(id, Number(value));
  }
  if (settings.maxHeaderSize !== undefined) {
    if (settings.maxHeaderListSize !== undefined && settings.maxHeaderListSize !== settings.maxHeaderSize) {
      process.emitWarning('settings.maxHeaderSize overwrite settings.maxHeaderListSize');
    }
    values.set(6, Number(settings.maxHeaderSize));
  }
  const entries = [];
  const ids = [...values.keys()].sort((a, b) => a - b);
  for (const id of ids) entries.push(id, values.get(id));
  if (settings.customSettings !== undefined) {
    for (const [id, value] of Object.entries(settings.customSettings)) entries.push(Number(id), Number(value));
  }
  return entries;
}

/**
 * @param {number[]} values of the settings 1 to 6 and 8
 * @param {object} [custom] settings of the program's own
 * @returns {object}
 */
function settingsObject(values, custom) {
  const settings = {
    headerTableSize: values[0],
    enablePush: Boolean(values[1]),
    initialWindowSize: values[3],
    maxFrameSize: values[4],
    maxConcurrentStreams: values[2],
    maxHeaderListSize: values[5],
    maxHeaderSize: values[5],
    enableConnectProtocol: Boolean(values[6]),
  };
  if (custom !== undefined) settings.customSettings = custom;
  return settings;
}

/** @returns {object} what holds where nothing is said */
function getDefaultSettings() {
  return {
    __proto__: null,
    headerTableSize: 4096,
    enablePush: true,
    initialWindowSize: 65535,
    maxFrameSize: MIN_FRAME_SIZE,
    maxConcurrentStreams: MAX_UINT32,
    maxHeaderSize: 65535,
    maxHeaderListSize: 65535,
    enableConnectProtocol: false,
  };
}

/**
 * @param {object} [settings]
 * @returns {Buffer} the payload of a frame with them
 */
function getPackedSettings(settings) {
  if (settings === undefined) return Buffer.alloc(0);
  validateObject(settings, 'settings');
  checkSettings(settings);
  const entries = settingsEntries(settings);
  const packed = Buffer.allocUnsafe(entries.length / 2 * ENTRY_SIZE);
  for (let i = 0, at = 0; i < entries.length; i += 2) {
    at = packed.writeUInt16BE(entries[i], at);
    at = packed.writeUInt32BE(entries[i + 1], at);
  }
  return packed;
}

/**
 * @param {Buffer | TypedArray} buf the payload of a frame
 * @param {{ validate?: boolean }} [options]
 * @returns {object}
 */
function getUnpackedSettings(buf, options = {}) {
  if (!isArrayBufferView(buf) || buf.length === undefined) {
    throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray'], buf);
  }
  if (buf.length % ENTRY_SIZE !== 0) throw new ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH();
  const bytes = isUint8Array(buf) ? buf : Uint8Array.from(buf);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const settings = {};
  for (let at = 0; at < bytes.length; at += ENTRY_SIZE) {
    const id = view.getUint16(at);
    const value = view.getUint32(at + 2);
    const name = NAMES[id];
    if (name === undefined) {
      settings.customSettings ??= {};
      settings.customSettings[id] = value;
    } else if (name in BOOLEAN) {
      settings[name] = Boolean(value);
    } else {
      settings[name] = value;
      if (id === 6) settings.maxHeaderSize = value;
    }
  }
  if (options != null && options.validate) checkSettings(settings);
  return settings;
}

module.exports = {
  MAX_CUSTOM_SETTINGS, checkSettings, getDefaultSettings, getPackedSettings, getUnpackedSettings,
  settingsEntries, settingsObject,
};
