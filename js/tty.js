// Node's `tty`: terminals as streams.
'use strict';

const net = require('net');
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_FD, ERR_TTY_INIT_FAILED },
  errnoException,
} = require('internal/errors');
const { getColorDepth, hasColors } = require('internal/tty');
const binding = internalBinding('stdio');

const UV_ENOTTY = -25;

/** @returns {boolean} whether the descriptor `fd` is a terminal */
function isatty(fd) {
  return Number.isInteger(fd) && fd >= 0 && fd <= 2147483647 && binding.isatty(fd);
}

/** @returns {TtyHandle} of the terminal behind `fd` */
function openTerminal(fd) {
  if (fd >> 0 !== fd || fd < 0) throw new ERR_INVALID_FD(fd);
  const tty = internalBinding('tty');
  const handle = new tty.TtyHandle();
  const status = handle.openTerminal(fd);
  if (status < 0) {
    handle.close();
    const [code, message] = require('util').getSystemErrorMap().get(status);
    throw new ERR_TTY_INIT_FAILED({ errno: status, code, message, syscall: 'uv_tty_init' });
  }
  return handle;
}

/**
 * Keys from a terminal.
 * @class
 * @param {number} fd
 * @param {object} [options] of `net.Socket`
 * @throws {RangeError} ERR_INVALID_FD
 * @throws {SystemError} ERR_TTY_INIT_FAILED
 */
function ReadStream(fd, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(fd, options);
  const handle = openTerminal(fd);
  net.Socket.call(this, { readableHighWaterMark: 0, handle, manualStart: true, ...options });
  this.isRaw = false;
  this.rawMode = false;
  this.isTTY = true;
}
Object.setPrototypeOf(ReadStream.prototype, net.Socket.prototype);
Object.setPrototypeOf(ReadStream, net.Socket);

/** The modes by the numbers that the native half has for them. */
const NORMAL = 0;
const RAW = 1;
const IO = 2;

/**
 * Has the terminal give each key at once and uninterpreted, or lines.
 * @param {boolean | 'raw' | 'io'} mode  `io` leaves what is written as it is, too
 * @returns {this}
 * @throws {TypeError} ERR_INVALID_ARG_VALUE
 */
ReadStream.prototype.setRawMode = function(mode) {
  if (typeof mode === 'string' && mode !== 'raw' && mode !== 'io') {
    throw new ERR_INVALID_ARG_VALUE('mode', mode, "must be true, false, 'raw', or 'io'");
  }
  const number = mode === 'io' ? IO : mode ? RAW : NORMAL;
  const status = this._handle?.setRawMode(number);
  if (status) {
    this.emit('error', errnoException(status, 'setRawMode'));
    return this;
  }
  this.isRaw = number !== NORMAL;
  this.rawMode = number === NORMAL ? false : number === IO ? 'io' : 'raw';
  return this;
};

/**
 * A terminal to write to.
 * @class
 * @param {number} fd
 * @throws {RangeError} ERR_INVALID_FD
 * @throws {SystemError} ERR_TTY_INIT_FAILED
 */
function WriteStream(fd) {
  if (!(this instanceof WriteStream)) return new WriteStream(fd);
  const handle = openTerminal(fd);
  net.Socket.call(this, { readableHighWaterMark: 0, handle, manualStart: true });
  // What is written is shown when the write returns.
  this._handle.setBlocking(true);
  const size = this._handle.windowSize();
  if (size !== undefined) {
    this.columns = size[0];
    this.rows = size[1];
  }
}
Object.setPrototypeOf(WriteStream.prototype, net.Socket.prototype);
Object.setPrototypeOf(WriteStream, net.Socket);

WriteStream.prototype.isTTY = true;
WriteStream.prototype.getColorDepth = getColorDepth;
WriteStream.prototype.hasColors = hasColors;

WriteStream.prototype._refreshSize = function() {
  const { columns, rows } = this;
  const size = this._handle.windowSize();
  if (size === undefined) {
    this.emit('error', errnoException(UV_ENOTTY, 'getWindowSize'));
    return;
  }
  if (columns === size[0] && rows === size[1]) return;
  this.columns = size[0];
  this.rows = size[1];
  this.emit('resize');
};

/** Moves the cursor to a place: `readline.cursorTo`. */
WriteStream.prototype.cursorTo = function(x, y, callback) {
  return require('internal/readline/cursor').cursorTo(this, x, y, callback);
};

/** Moves the cursor by a distance: `readline.moveCursor`. */
WriteStream.prototype.moveCursor = function(dx, dy, callback) {
  return require('internal/readline/cursor').moveCursor(this, dx, dy, callback);
};

/** Clears the line of the cursor: `readline.clearLine`. */
WriteStream.prototype.clearLine = function(dir, callback) {
  return require('internal/readline/cursor').clearLine(this, dir, callback);
};

/** Clears what is below the cursor: `readline.clearScreenDown`. */
WriteStream.prototype.clearScreenDown = function(callback) {
  return require('internal/readline/cursor').clearScreenDown(this, callback);
};

/** @returns {[number, number]} columns and rows */
WriteStream.prototype.getWindowSize = function() {
  return [this.columns, this.rows];
};

module.exports = { isatty, ReadStream, WriteStream };
