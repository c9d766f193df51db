// The web interface FormData: the fields and files of a form.
'use strict';

const { Blob, File } = require('buffer');
const {
  describe,
  describeInterface,
  illegalInvocation,
  makeIterable,
  requireArguments,
  toUSVString,
} = require('internal/fetch/webidl');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');

let entriesOf;

function toEntry(prefix, given, name, value, filename) {
  name = toUSVString(name);
  if (given > 2 && !(value instanceof Blob)) {
    throw new TypeError(`${prefix}: Expected value ("${describe(value)}") to be an instance of Blob.`);
  }
  if (!(value instanceof Blob)) return [name, toUSVString(value)];
  const hasFilename = given > 2 && filename !== undefined;
  if (value instanceof File && !hasFilename) return [name, value];
  const title = hasFilename ? toUSVString(filename) : 'blob';
  const options = { type: value.type };
  if (value instanceof File) options.lastModified = value.lastModified;
  return [name, new File([value], title, options)];
}

/** The fields of a form in their order: strings and files. */
class FormData {
  /** @type {[string, string | File][]} */
  #entries = [];

  static {
    entriesOf = (self) => {
      if (typeof self !== 'object' || self === null || !(#entries in self)) throw illegalInvocation();
      return self.#entries;
    };
  }

  /** @param {undefined} [form] there are no forms to read from */
  constructor(form = undefined) {
    this[kTransferMode] = kUncloneable;
    if (form !== undefined) {
      throw new TypeError('FormData constructor: Argument 1 could not be converted to: undefined.');
    }
  }

  /**
   * @param {string} name
   * @param {string | Blob} value
   * @param {string} [filename] of a blob
   */
  append(name, value, filename = undefined) {
    const entries = entriesOf(this);
    requireArguments(arguments.length, 2, 'FormData.append');
    entries.push(toEntry('FormData.append', arguments.length, name, value, filename));
  }

  /** @param {string} name */
  delete(name) {
    entriesOf(this);
    requireArguments(arguments.length, 1, 'FormData.delete');
    name = toUSVString(name);
    this.#entries = this.#entries.filter(([key]) => key !== name);
  }

  /**
   * @param {string} name
   * @returns {string | File | null} the first
   */
  get(name) {
    const entries = entriesOf(this);
    requireArguments(arguments.length, 1, 'FormData.get');
    name = toUSVString(name);
    return entries.find(([key]) => key === name)?.[1] ?? null;
  }

  /**
   * @param {string} name
   * @returns {(string | File)[]}
   */
  getAll(name) {
    const entries = entriesOf(this);
    requireArguments(arguments.length, 1, 'FormData.getAll');
    name = toUSVString(name);
    return entries.filter(([key]) => key === name).map(([, value]) => value);
  }

  /**
   * @param {string} name
   * @returns {boolean}
   */
  has(name) {
    const entries = entriesOf(this);
    requireArguments(arguments.length, 1, 'FormData.has');
    name = toUSVString(name);
    return entries.some(([key]) => key === name);
  }

  /**
   * @param {string} name
   * @param {string | Blob} value in place of all of that name
   * @param {string} [filename] of a blob
   */
  set(name, value, filename = undefined) {
    const entries = entriesOf(this);
    requireArguments(arguments.length, 2, 'FormData.set');
    const entry = toEntry('FormData.set', arguments.length, name, value, filename);
    const first = entries.findIndex(([key]) => key === entry[0]);
    if (first === -1) {
      entries.push(entry);
      return;
    }
    entries[first] = entry;
    this.#entries = entries.filter(([key], index) => key !== entry[0] || index === first);
  }

  [customInspectSymbol](depth, options) {
    const fields = { __proto__: null };
    for (const [name, value] of entriesOf(this)) {
      if (!(name in fields)) fields[name] = value;
      else if (Array.isArray(fields[name])) fields[name].push(value);
      else fields[name] = [fields[name], value];
    }
    const { inspect } = require('internal/util/inspect');
    const text = inspect({ ...fields }, { ...options, depth: options.depth ?? depth });
    return `FormData ${text}`;
  }
}

for (const method of ['append', 'set']) {
  Object.defineProperty(FormData.prototype[method], 'length', { __proto__: null, configurable: true, value: 2 });
}
makeIterable(FormData, 'FormData', (self) => entriesOf(self));
describeInterface(FormData, 'FormData', ['append', 'delete', 'get', 'getAll', 'has', 'set']);

module.exports = { FormData, entriesOf };
