// Takes a pattern that is written as one text apart into its components.
'use strict';

const { tokenize } = require('internal/url_pattern/tokens');
const { protocol: canonicalizeProtocol } = require('internal/url_pattern/canonicalize');
const { Component, plainOptions } = require('internal/url_pattern/component');

// In the order in which they stand in a URL
const order = [
  'init', 'protocol', 'authority', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash', 'done',
];
const rank = Object.fromEntries(order.map((state, index) => [state, index]));

class ConstructorStringParser {
  #input;
  #tokens;
  #result = {};
  #componentStart = 0;
  #index = 0;
  #increment = 1;
  #groupDepth = 0;
  #bracketDepth = 0;
  #isSpecial = false;
  #state = 'init';

  constructor(input) {
    this.#input = input;
    this.#tokens = tokenize(input, true);
  }

  parse() {
    while (this.#index < this.#tokens.length && this.#state !== 'done') {
      this.#increment = 1;
      const { type } = this.#tokens[this.#index];
      if (type === 'end') this.#onEnd();
      else if (type === 'open') this.#groupDepth++;
      else if (this.#groupDepth > 0) this.#groupDepth -= type === 'close' ? 1 : 0;
      else this.#step();
      this.#index += this.#increment;
    }
    const result = this.#result;
    if (result.hostname !== undefined && result.port === undefined) result.port = '';
    return result;
  }

  #onEnd() {
    if (this.#state === 'init') {
      this.#rewind('init');
      if (this.#isHashPrefix) this.#change('hash', 1);
      else if (this.#isSearchPrefix) this.#change('search', 1);
      else this.#change('pathname', 0);
    } else if (this.#state === 'authority') {
      this.#rewind('hostname');
    } else {
      this.#change('done', 0);
    }
  }

  #step() {
    switch (this.#state) {
      case 'init':
        if (this.#is(':')) this.#rewind('protocol');
        break;
      case 'protocol':
        if (this.#is(':')) this.#endProtocol();
        break;
      case 'authority':
        if (this.#is('@')) this.#rewind('username');
        else if (this.#is('/') || this.#isSearchPrefix || this.#isHashPrefix) this.#rewind('hostname');
        break;
      case 'username':
        if (this.#is(':')) this.#change('password', 1);
        else if (this.#is('@')) this.#change('hostname', 1);
        break;
      case 'password':
        if (this.#is('@')) this.#change('hostname', 1);
        break;
      case 'hostname':
        if (this.#is('[')) this.#bracketDepth++;
        else if (this.#is(']')) this.#bracketDepth--;
        else if (this.#is(':') && this.#bracketDepth === 0) this.#change('port', 1);
        else this.#endOfAuthority();
        break;
      case 'port':
        this.#endOfAuthority();
        break;
      case 'pathname':
        if (this.#isSearchPrefix) this.#change('search', 1);
        else if (this.#isHashPrefix) this.#change('hash', 1);
        break;
      case 'search':
        if (this.#isHashPrefix) this.#change('hash', 1);
        break;
    }
  }

  #endProtocol() {
    this.#isSpecial = new Component(this.#text, canonicalizeProtocol, plainOptions).matchesSpecialScheme;
    if (this.#is('/', 1) && this.#is('/', 2)) this.#change('authority', 3);
    else this.#change(this.#isSpecial ? 'authority' : 'pathname', 1);
  }

  #endOfAuthority() {
    if (this.#is('/')) this.#change('pathname', 0);
    else if (this.#isSearchPrefix) this.#change('search', 1);
    else if (this.#isHashPrefix) this.#change('hash', 1);
  }

  #change(state, skip) {
    const result = this.#result;
    const from = this.#state;
    if (from !== 'init' && from !== 'authority' && from !== 'done') result[from] = this.#text;
    if (from !== 'init' && state !== 'done') {
      const to = rank[state];
      // What has been left out between two components that are there is empty.
      if (rank[from] < rank.hostname && to > rank.hostname) result.hostname ??= '';
      if (rank[from] < rank.pathname && to > rank.pathname) result.pathname ??= this.#isSpecial ? '/' : '';
      if (rank[from] < rank.search && to > rank.search) result.search ??= '';
    }
    this.#state = state;
    this.#index += skip;
    this.#componentStart = this.#index;
    this.#increment = 0;
  }

  #rewind(state) {
    this.#index = this.#componentStart;
    this.#increment = 0;
    this.#state = state;
  }

  get #text() {
    return this.#input.slice(this.#tokenAt(this.#componentStart).index, this.#tokens[this.#index].index);
  }

  #tokenAt(index) {
    return this.#tokens[Math.min(index, this.#tokens.length - 1)];
  }

  /** Whether a character stands for itself at the current place, or some tokens after it. */
  #is(character, offset = 0) {
    const { type, value } = this.#tokenAt(this.#index + offset);
    return value === character && (type === 'char' || type === 'escaped-char' || type === 'invalid-char');
  }

  get #isHashPrefix() {
    return this.#is('#');
  }

  get #isSearchPrefix() {
    if (this.#is('?')) return true;
    if (this.#tokens[this.#index].value !== '?') return false;
    if (this.#index === 0) return true;
    const { type } = this.#tokens[this.#index - 1];
    return type !== 'name' && type !== 'regexp' && type !== 'close' && type !== 'asterisk';
  }
}

/**
 * @param {string} input
 * @returns {Record<string, string>} the patterns of its components; those that it does not speak of are missing
 * @throws {TypeError}
 */
function parseConstructorString(input) {
  return new ConstructorStringParser(input).parse();
}

module.exports = { parseConstructorString };
