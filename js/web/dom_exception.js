// `DOMException`, the error of web interfaces: a name, a message and, for old names, a number; and
// `QuotaExceededError`, the one kind of it that is a class.
'use strict';

const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const { Stamp } = require('internal/util/stamp');

/** Codes of the names that have one, and the names of the constants, in the order of Web IDL. */
const constants = [
  ['INDEX_SIZE_ERR', 'IndexSizeError'],
  ['DOMSTRING_SIZE_ERR'],
  ['HIERARCHY_REQUEST_ERR', 'HierarchyRequestError'],
  ['WRONG_DOCUMENT_ERR', 'WrongDocumentError'],
  ['INVALID_CHARACTER_ERR', 'InvalidCharacterError'],
  ['NO_DATA_ALLOWED_ERR'],
  ['NO_MODIFICATION_ALLOWED_ERR', 'NoModificationAllowedError'],
  ['NOT_FOUND_ERR', 'NotFoundError'],
  ['NOT_SUPPORTED_ERR', 'NotSupportedError'],
  ['INUSE_ATTRIBUTE_ERR', 'InUseAttributeError'],
  ['INVALID_STATE_ERR', 'InvalidStateError'],
  ['SYNTAX_ERR', 'SyntaxError'],
  ['INVALID_MODIFICATION_ERR', 'InvalidModificationError'],
  ['NAMESPACE_ERR', 'NamespaceError'],
  ['INVALID_ACCESS_ERR', 'InvalidAccessError'],
  ['VALIDATION_ERR'],
  ['TYPE_MISMATCH_ERR', 'TypeMismatchError'],
  ['SECURITY_ERR', 'SecurityError'],
  ['NETWORK_ERR', 'NetworkError'],
  ['ABORT_ERR', 'AbortError'],
  ['URL_MISMATCH_ERR', 'URLMismatchError'],
  ['QUOTA_EXCEEDED_ERR', 'QuotaExceededError'],
  ['TIMEOUT_ERR', 'TimeoutError'],
  ['INVALID_NODE_TYPE_ERR', 'InvalidNodeTypeError'],
  ['DATA_CLONE_ERR', 'DataCloneError'],
];

const codesByName = { __proto__: null };

/** Private fields put on an error that the engine made, so that it has both these and a stack. */
class ExceptionData extends Stamp {
  #name;
  #message;

  constructor(error, name, message) {
    super(error);
    this.#name = name;
    this.#message = message;
  }

  static change(object, name, message) {
    object.#name = name;
    object.#message = message;
  }

  static isIn(object) {
    return typeof object === 'object' && object !== null && #name in object;
  }

  static nameOf(object) {
    return object.#name;
  }

  static messageOf(object) {
    return object.#message;
  }
}

function wrongReceiver(className) {
  const error = new TypeError(`Value of "this" must be of ${className}`);
  error.code = 'ERR_INVALID_THIS';
  return error;
}

function checkReceiver(receiver) {
  if (!ExceptionData.isIn(receiver)) throw wrongReceiver('DOMException');
}

class DOMException {
  /**
   * @param {string} [message]
   * @param {string | { name?: string, cause?: unknown }} [options] the name, or an object with it
   */
  constructor(message = '', options = 'Error') {
    const text = `${message}`;
    const hasOptions = options !== null && typeof options === 'object';
    const name = `${hasOptions ? options.name : options}`;

    const error = new Error();
    Object.setPrototypeOf(error, new.target.prototype);
    new ExceptionData(error, name, text);
    error[kTransferMode] = kCloneable;
    if (hasOptions && 'cause' in options) {
      Object.defineProperty(error, 'cause', {
        value: options.cause,
        configurable: true,
        writable: true,
        enumerable: false,
      });
    }
    return error;
  }

  get name() {
    checkReceiver(this);
    return ExceptionData.nameOf(this);
  }

  get message() {
    checkReceiver(this);
    return ExceptionData.messageOf(this);
  }

  get code() {
    checkReceiver(this);
    return codesByName[ExceptionData.nameOf(this)] ?? 0;
  }

  [kClone]() {
    const { message, name, stack } = this;
    return { data: { message, name, stack }, deserializeInfo: 'web/dom_exception:DOMException' };
  }

  [kDeserialize]({ message, name, stack }) {
    ExceptionData.change(this, name, message);
    this.stack = stack;
  }
}

Object.setPrototypeOf(DOMException.prototype, Error.prototype);
Object.defineProperties(DOMException.prototype, {
  name: { enumerable: true },
  message: { enumerable: true },
  code: { enumerable: true },
});

constants.forEach(([constant, name], index) => {
  const value = index + 1;
  const descriptor = { value, enumerable: true };
  Object.defineProperty(DOMException, constant, descriptor);
  Object.defineProperty(DOMException.prototype, constant, descriptor);
  if (name !== undefined) codesByName[name] = value;
});

Object.defineProperty(DOMException.prototype, Symbol.toStringTag, {
  configurable: true,
  value: 'DOMException',
});

/** An amount of `QuotaExceededError`: a finite number, not negative; null when it is not given. */
function readAmount(options, key) {
  if (!(key in options)) return null;
  const amount = +options[key];
  if (!Number.isFinite(amount)) {
    throw new TypeError(`Cannot convert options.${key} to a double: the value is ${amount}`);
  }
  if (amount < 0) throw new RangeError(`options.${key} must not be negative`);
  return amount;
}

/** What is thrown when a request asks for more than there may be. */
class QuotaExceededError extends DOMException {
  #quota = null;
  #requested = null;

  /**
   * @param {string} [message]
   * @param {{ quota?: number, requested?: number }} [options]
   */
  constructor(message = '', options = null) {
    super(message, 'QuotaExceededError');
    if (options === null) return;
    this.#quota = readAmount(options, 'quota');
    this.#requested = readAmount(options, 'requested');
    if (this.#quota !== null && this.#requested !== null && this.#requested < this.#quota) {
      throw new RangeError('options.requested must not be less than options.quota');
    }
  }

  get quota() {
    if (!(#quota in this)) throw wrongReceiver('QuotaExceededError');
    return this.#quota;
  }

  get requested() {
    if (!(#quota in this)) throw wrongReceiver('QuotaExceededError');
    return this.#requested;
  }

  [kClone]() {
    const { message, name, stack, quota, requested } = this;
    const data = { message, name, stack, quota, requested };
    return { data, deserializeInfo: 'web/dom_exception:QuotaExceededError' };
  }

  [kDeserialize](data) {
    super[kDeserialize](data);
    this.#quota = data.quota;
    this.#requested = data.requested;
  }
}

Object.defineProperties(QuotaExceededError.prototype, {
  quota: { enumerable: true },
  requested: { enumerable: true },
  [Symbol.toStringTag]: { configurable: true, value: 'QuotaExceededError' },
});

module.exports = {
  DOMException,
  QuotaExceededError,

  /** @returns {boolean} whether a value is a `DOMException`, whatever its prototype */
  isDOMException: ExceptionData.isIn,
};
