// Sending datagrams.
'use strict';

const {
  codes: {
    ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_IP_BLOCKED, ERR_SOCKET_DGRAM_IS_CONNECTED,
  },
  exceptionWithHostPort,
} = require('internal/errors');
const { validateNumber, validatePort, validateString } = require('internal/validators');
const { isIP } = require('internal/net_address');
const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer/memory');
const { kLooksUpPlainly, kState } = require('internal/dgram');
const { BOUND, CONNECTED, UNBOUND, checkRunning } = require('internal/dgram/state');
const { enqueue } = require('internal/dgram/bind');

const { isView } = ArrayBuffer;

const DATA_TYPES = ['string', 'Buffer', 'TypedArray', 'DataView'];

/** The address that was last seen to be numeric. */
let numericAddress = '127.0.0.1';

/** @returns {boolean} whether `address` needs not be looked up */
function isNumeric(address) {
  if (address === numericAddress) return true;
  if (isIP(address) === 0) return false;
  numericAddress = address;
  return true;
}

/** The part of a datagram's data that the program has named. */
function slice(data, offset, length) {
  if (typeof data === 'string') data = Buffer.from(data);
  else if (!isView(data)) throw new ERR_INVALID_ARG_TYPE('buffer', DATA_TYPES, data);
  offset >>>= 0;
  length >>>= 0;
  const { byteLength } = data;
  if (offset > byteLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (offset + length > byteLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  if (length === byteLength) return data;
  return new FastBuffer(data.buffer, data.byteOffset + offset, length);
}

/** A list of data as it is now: the program may change it afterwards. */
function checkList(list) {
  const checked = list.slice();
  for (const piece of checked) {
    if (typeof piece !== 'string' && !isView(piece)) {
      throw new ERR_INVALID_ARG_TYPE('buffer list arguments', DATA_TYPES, list);
    }
  }
  return checked;
}

/** Hands a datagram to the system. The address is that of the peer where `ip` is undefined. */
function sendNow(socket, data, port, ip, address, callback) {
  const { handle, sendBlockList } = socket[kState];
  if (!handle) return;
  if (ip !== undefined && sendBlockList?.check(ip, `ipv${isIP(ip)}`)) {
    if (callback) process.nextTick(callback, new ERR_IP_BLOCKED(ip));
    return;
  }
  const status = handle.send(data, port, ip);
  if (status > 0) {
    if (callback) process.nextTick(callback, null, status - 1);
  } else if (status === 0) {
    queueNative(handle, data, port, ip, address, callback);
  } else if (callback) {
    process.nextTick(callback, exceptionWithHostPort(status, 'send', address, port));
  }
}

/** The system takes nothing now. */
function queueNative(handle, data, port, ip, address, callback) {
  const status = handle.enqueue(data, port, ip, (status, bytes) => {
    callback?.(status === 0 ? null : exceptionWithHostPort(status, 'send', address, port), bytes);
  });
  if (status !== 0 && callback) {
    process.nextTick(callback, exceptionWithHostPort(status, 'send', address, port));
  }
}

function lookupAndSend(socket, data, port, address, callback) {
  socket[kState].handle.lookup(address, (error, ip) => {
    if (!error) {
      sendNow(socket, data, port, ip, address, callback);
    } else if (callback) {
      process.nextTick(callback, error);
    } else {
      process.nextTick(emitErrorNT, socket, error);
    }
  });
}

function emitErrorNT(socket, error) {
  socket.emit('error', error);
}

/** Sends from a socket that is bound. */
function sendBound(socket, data, port, address, callback) {
  const { connectState, handle, bindState } = socket[kState];
  if (connectState === CONNECTED) {
    sendNow(socket, data, 0, undefined, undefined, callback);
    return;
  }
  if (handle[kLooksUpPlainly]) {
    const ip = address || (socket.type === 'udp4' ? '127.0.0.1' : '::1');
    if (isNumeric(ip)) {
      process.nextTick(sendNow, socket, data, port, ip, address, callback);
      return;
    }
  }
  lookupAndSend(socket, data, port, address, callback);
}

/**
 * `send(data[, offset, length][, port[, address]][, callback])`
 * @param {string | ArrayBufferView | (string | ArrayBufferView)[]} data
 */
function send(data, offset, length, port, address, callback) {
  const state = this[kState];
  const connected = state.connectState === CONNECTED;
  if (!connected) {
    if (address || (port && typeof port !== 'function')) {
      data = slice(data, offset, length);
    } else {
      callback = port;
      port = offset;
      address = length;
    }
  } else {
    if (typeof length === 'number') {
      data = slice(data, offset, length);
      if (typeof port === 'function') {
        callback = port;
        port = null;
      }
    } else {
      callback = offset;
    }
    if (port || address) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  }
  if (Array.isArray(data)) data = checkList(data);
  else if (typeof data !== 'string' && !isView(data)) throw new ERR_INVALID_ARG_TYPE('buffer', DATA_TYPES, data);
  if (!connected) port = validatePort(port, 'Port', false);
  if (typeof callback !== 'function') callback = undefined;
  if (typeof address === 'function') {
    callback = address;
    address = undefined;
  } else if (address !== undefined && address !== null) {
    validateString(address, 'address');
  }
  checkRunning(this);
  if (state.bindState === UNBOUND) this.bind({ port: 0, exclusive: true }, null);
  if (state.bindState !== BOUND) enqueue(this, () => this.send(data, port, address, callback));
  else sendBound(this, data, port, address, callback);
}

/** As `send`, with every argument. */
function sendto(buffer, offset, length, port, address, callback) {
  validateNumber(offset, 'offset');
  validateNumber(length, 'length');
  validateNumber(port, 'port');
  validateString(address, 'address');
  this.send(buffer, offset, length, port, address, callback);
}

module.exports = { send, sendto };
