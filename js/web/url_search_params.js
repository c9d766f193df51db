// The web's `URLSearchParams`: the name-value pairs of a query.

'use strict';

const {
  codes: { ERR_ARG_NOT_ITERABLE, ERR_INVALID_THIS, ERR_INVALID_TUPLE, ERR_MISSING_ARGS },
} = require('internal/errors');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { kEnumerableProperty } = require('internal/util');
const { validateFunction } = require('internal/validators');
const { parseForm, serializeForm } = require('internal/url/form_encoding');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');
const ansi = /\u001b\[\d\d?m/g;

function toUSVString(value) {
  return `${value}`.toWellFormed();
}

/** Shows items in braces, each on a line of its own if one line is too short for them all. */
function inspectItems(name, items, breakLength) {
  if (items.length === 0) return `${name} {}`;
  const line = items.join(', ');
  return line.replace(ansi, '').length <= breakLength ?
    `${name} { ${line} }` :
    `${name} {\n  ${items.join(',\n  ')} }`;
}

function innerOptions(depth, options) {
  const inner = { ...options };
  if (options.depth !== null) inner.depth = depth - 1;
  return inner;
}

/** Makes the parameters of a URL's query; `onChange` is called after each change. */
let forQuery;
/** Takes over a URL's new query. */
let replaceQuery;
/** Whether a value was made by `URLSearchParams`. */
let isSearchParams;
/** The names and values of parameters, by turns. */
let listOf;

class URLSearchParams {
  /** Names and values by turns. */
  #list = [];
  /** The serialisation, until the list changes. */
  #text = undefined;
  /** Called after changes: the URL whose query this is. */
  #onChange = undefined;

  static {
    forQuery = (query, onChange) => {
      const params = new URLSearchParams();
      params.#onChange = onChange;
      params.#list = parseForm(query);
      return params;
    };
    replaceQuery = (params, query) => {
      params.#list = parseForm(query);
      params.#text = undefined;
    };
    isSearchParams = (value) => value !== null && typeof value === 'object' && #list in value;
    listOf = (params) => params.#list;
  }

  /** @param {string|Iterable<[string, string]>|Record<string, string>} [init] */
  constructor(init = undefined) {
    this[kTransferMode] = kUncloneable;
    if (init === undefined) return;
    if ((typeof init !== 'object' && typeof init !== 'function') || init === null) {
      const text = toUSVString(init);
      this.#list = parseForm(text[0] === '?' ? text.slice(1) : text);
      return;
    }
    const method = init[Symbol.iterator];
    if (isSearchParams(init) && method === this[Symbol.iterator]) {
      this.#list = init.#list.slice();
    } else if (method != null) {
      if (typeof method !== 'function') throw new ERR_ARG_NOT_ITERABLE('Query pairs');
      this.#readPairs(init);
    } else {
      this.#readRecord(init);
    }
  }

  #readPairs(init) {
    for (const pair of init) {
      if (pair == null || (typeof pair !== 'object' && typeof pair !== 'function') ||
        typeof pair[Symbol.iterator] !== 'function') {
        throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
      }
      const items = Array.isArray(pair) ? pair : [...pair];
      if (items.length !== 2) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
      this.#list.push(toUSVString(items[0]), toUSVString(items[1]));
    }
  }

  #readRecord(init) {
    // Names that differ only in unpaired surrogates are one name, at the place of the first and with the
    // value of the last.
    const positions = new Map();
    for (const key of Reflect.ownKeys(init)) {
      if (!Object.prototype.propertyIsEnumerable.call(init, key)) continue;
      const name = toUSVString(key);
      const value = toUSVString(init[key]);
      const position = positions.get(name);
      if (position === undefined) positions.set(name, this.#list.push(name, value) - 1);
      else this.#list[position] = value;
    }
  }

  #changed() {
    this.#text = undefined;
    if (this.#onChange !== undefined) this.#onChange();
  }

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#list in value)) {
      throw new ERR_INVALID_THIS('URLSearchParams');
    }
  }

  [inspectCustom](recurseTimes, ctx) {
    URLSearchParams.#check(this);
    if (typeof recurseTimes === 'number' && recurseTimes < 0) return ctx.stylize('[Object]', 'special');
    const { inspect } = require('internal/util/inspect');
    const options = innerOptions(recurseTimes, ctx);
    const items = [];
    for (let i = 0; i < this.#list.length; i += 2) {
      items.push(`${inspect(this.#list[i], options)} => ${inspect(this.#list[i + 1], options)}`);
    }
    return inspectItems(this.constructor.name, items, ctx.breakLength);
  }

  /** @returns {number} How many pairs there are. */
  get size() {
    URLSearchParams.#check(this);
    return this.#list.length / 2;
  }

  append(name, value) {
    URLSearchParams.#check(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
    this.#list.push(toUSVString(name), toUSVString(value));
    this.#changed();
  }

  delete(name, value = undefined) {
    URLSearchParams.#check(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    const list = this.#list;
    const deleted = toUSVString(name);
    const withValue = value === undefined ? undefined : toUSVString(value);
    let kept = 0;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === deleted && (withValue === undefined || list[i + 1] === withValue)) continue;
      list[kept++] = list[i];
      list[kept++] = list[i + 1];
    }
    list.length = kept;
    this.#changed();
  }

  get(name) {
    URLSearchParams.#check(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    const list = this.#list;
    const wanted = toUSVString(name);
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === wanted) return list[i + 1];
    }
    return null;
  }

  getAll(name) {
    URLSearchParams.#check(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    const list = this.#list;
    const wanted = toUSVString(name);
    const values = [];
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === wanted) values.push(list[i + 1]);
    }
    return values;
  }

  has(name, value = undefined) {
    URLSearchParams.#check(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    const list = this.#list;
    const wanted = toUSVString(name);
    const withValue = value === undefined ? undefined : toUSVString(value);
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === wanted && (withValue === undefined || list[i + 1] === withValue)) return true;
    }
    return false;
  }

  set(name, value) {
    URLSearchParams.#check(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
    const list = this.#list;
    const wanted = toUSVString(name);
    const replacement = toUSVString(value);
    let isSet = false;
    let kept = 0;
    for (let i = 0; i < list.length; i += 2) {
      const isWanted = list[i] === wanted;
      if (isWanted && isSet) continue;
      list[kept++] = list[i];
      list[kept++] = isWanted ? replacement : list[i + 1];
      isSet ||= isWanted;
    }
    list.length = kept;
    if (!isSet) list.push(wanted, replacement);
    this.#changed();
  }

  /** Sorts the pairs by the UTF-16 code units of their names; pairs of the same name keep their order. */
  sort() {
    URLSearchParams.#check(this);
    const list = this.#list;
    const pairs = [];
    for (let i = 0; i < list.length; i += 2) pairs.push([list[i], list[i + 1]]);
    pairs.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
    this.#list = pairs.flat();
    this.#changed();
  }

  entries() {
    URLSearchParams.#check(this);
    return new URLSearchParamsIterator(this, 'entries');
  }

  forEach(callback, thisArg = undefined) {
    URLSearchParams.#check(this);
    validateFunction(callback, 'callback');
    for (let i = 0; i < this.#list.length; i += 2) {
      Reflect.apply(callback, thisArg, [this.#list[i + 1], this.#list[i], this]);
    }
  }

  keys() {
    URLSearchParams.#check(this);
    return new URLSearchParamsIterator(this, 'keys');
  }

  values() {
    URLSearchParams.#check(this);
    return new URLSearchParamsIterator(this, 'values');
  }

  toString() {
    URLSearchParams.#check(this);
    return this.#text ??= serializeForm(this.#list);
  }
}

class URLSearchParamsIterator {
  #params;
  #kind;
  #index = 0;

  constructor(params, kind) {
    this.#params = params;
    this.#kind = kind;
  }

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#params in value)) {
      throw new ERR_INVALID_THIS('URLSearchParamsIterator');
    }
  }

  #item(list, index) {
    if (this.#kind === 'keys') return list[index];
    return this.#kind === 'values' ? list[index + 1] : [list[index], list[index + 1]];
  }

  next() {
    URLSearchParamsIterator.#check(this);
    const list = listOf(this.#params);
    if (this.#index >= list.length) return { value: undefined, done: true };
    const value = this.#item(list, this.#index);
    this.#index += 2;
    return { value, done: false };
  }

  [inspectCustom](recurseTimes, ctx) {
    URLSearchParamsIterator.#check(this);
    if (typeof recurseTimes === 'number' && recurseTimes < 0) return ctx.stylize('[Object]', 'special');
    const { inspect } = require('internal/util/inspect');
    const options = innerOptions(recurseTimes, ctx);
    const list = listOf(this.#params);
    const items = [];
    for (let i = this.#index; i < list.length; i += 2) items.push(this.#item(list, i));
    const isLong = inspect(items, options).includes('\n');
    const texts = items.map((item) => inspect(item, options));
    return `${this[Symbol.toStringTag]} {${isLong ? '\n  ' : ' '}${texts.join(isLong ? ',\n  ' : ', ')} }`;
  }
}

const readOnlyTag = (value) => ({ __proto__: null, configurable: true, value });

Object.defineProperties(URLSearchParams.prototype, {
  size: kEnumerableProperty,
  append: kEnumerableProperty,
  delete: kEnumerableProperty,
  get: kEnumerableProperty,
  getAll: kEnumerableProperty,
  has: kEnumerableProperty,
  set: kEnumerableProperty,
  sort: kEnumerableProperty,
  entries: kEnumerableProperty,
  forEach: kEnumerableProperty,
  keys: kEnumerableProperty,
  values: kEnumerableProperty,
  toString: kEnumerableProperty,
  [Symbol.toStringTag]: readOnlyTag('URLSearchParams'),
  [Symbol.iterator]: {
    __proto__: null,
    configurable: true,
    writable: true,
    value: URLSearchParams.prototype.entries,
  },
});

delete URLSearchParamsIterator.prototype.constructor;
Object.setPrototypeOf(URLSearchParamsIterator.prototype, Iterator.prototype);
Object.defineProperties(URLSearchParamsIterator.prototype, {
  next: kEnumerableProperty,
  [Symbol.toStringTag]: readOnlyTag('URLSearchParams Iterator'),
});

module.exports = { URLSearchParams, forQuery, replaceQuery, isSearchParams };
