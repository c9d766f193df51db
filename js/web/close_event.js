// The web interfaces CloseEvent and ErrorEvent: the end of a connection, and a failure.
'use strict';

const {
  describeInterface,
  illegalInvocation,
  requireArguments,
  toDictionary,
  toDOMString,
  toUSVString,
} = require('internal/fetch/webidl');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { Event } = require('web/event');

/** The end of a connection. */
class CloseEvent extends Event {
  #init;

  /**
   * @param {string} type
   * @param {{ wasClean?: boolean, code?: number, reason?: string }} [init]
   */
  constructor(type, init = undefined) {
    requireArguments(arguments.length, 1, 'CloseEvent constructor');
    const { code = 0, reason = '', wasClean = false } = toDictionary(init) ?? {};
    super(toDOMString(type, 'CloseEvent constructor', 'type'), init ?? undefined);
    this[kTransferMode] = kUncloneable;
    this.#init = {
      wasClean: Boolean(wasClean),
      code: Number(code) & 0xffff,
      reason: toUSVString(reason),
    };
  }

  static #check(self) {
    if (typeof self !== 'object' || self === null || !(#init in self)) throw illegalInvocation();
    return self.#init;
  }

  /** @returns {boolean} whether both sides have said so */
  get wasClean() {
    return CloseEvent.#check(this).wasClean;
  }

  /** @returns {number} */
  get code() {
    return CloseEvent.#check(this).code;
  }

  /** @returns {string} */
  get reason() {
    return CloseEvent.#check(this).reason;
  }
}

/** A failure. */
class ErrorEvent extends Event {
  #init;

  /**
   * @param {string} type
   * @param {{ message?: string, filename?: string, lineno?: number, colno?: number, error?: any }} [init]
   */
  constructor(type, init) {
    requireArguments(arguments.length, 1, 'ErrorEvent constructor');
    super(toUSVString(type), init ?? undefined);
    this[kTransferMode] = kUncloneable;
    const { colno = 0, error, filename = '', lineno = 0, message = '' } = init ?? {};
    this.#init = {
      message: toDOMString(message, 'undefined', 'undefined.message'),
      filename: toUSVString(filename),
      lineno: Number(lineno) | 0,
      colno: Number(colno) | 0,
      error,
    };
  }

  static #check(self) {
    if (typeof self !== 'object' || self === null || !(#init in self)) throw illegalInvocation();
    return self.#init;
  }

  /** @returns {string} */
  get message() {
    return ErrorEvent.#check(this).message;
  }

  /** @returns {string} */
  get filename() {
    return ErrorEvent.#check(this).filename;
  }

  /** @returns {number} */
  get lineno() {
    return ErrorEvent.#check(this).lineno;
  }

  /** @returns {number} */
  get colno() {
    return ErrorEvent.#check(this).colno;
  }

  /** @returns {any} */
  get error() {
    return ErrorEvent.#check(this).error;
  }
}

describeInterface(CloseEvent, 'CloseEvent', ['wasClean', 'code', 'reason']);
describeInterface(ErrorEvent, 'ErrorEvent', ['message', 'filename', 'lineno', 'colno', 'error']);

module.exports = { CloseEvent, ErrorEvent };
