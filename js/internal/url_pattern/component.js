// One component of a URL pattern, ready to be matched.
'use strict';

const { parsePattern, toPattern, toRegExp } = require('internal/url_pattern/parts');
const { specialSchemes } = require('internal/url_pattern/canonicalize');

/** How the text of each component is divided. */
const plainOptions = { delimiter: '', prefix: '' };
const hostnameOptions = { delimiter: '.', prefix: '' };
const pathnameOptions = { delimiter: '/', prefix: '/' };

const { exec } = RegExp.prototype;
const { apply } = Reflect;

class Component {
  pattern;
  hasRegExpGroups;
  #regExp;
  #names;
  #matchesAll;

  /**
   * @param {string} input
   * @param {(text: string) => string} encode
   * @param {{ delimiter: string, prefix: string }} options
   * @throws {TypeError | SyntaxError}
   */
  constructor(input, encode, options, ignoreCase = false) {
    const parts = parsePattern(input, options, encode);
    const { source, names } = toRegExp(parts, options);
    this.#regExp = new RegExp(source, ignoreCase ? 'vi' : 'v');
    this.#names = names;
    this.#matchesAll = source === '^(.*)$';
    this.pattern = toPattern(parts, options);
    this.hasRegExpGroups = parts.some((part) => part.type === 'regexp');
  }

  /** @returns {boolean} */
  test(input) {
    return this.#matchesAll || apply(exec, this.#regExp, [input]) !== null;
  }

  /** @returns {{ groups: Record<string, string | undefined>, input: string } | null} */
  exec(input) {
    const match = apply(exec, this.#regExp, [input]);
    if (match === null) return null;
    const groups = {};
    const names = this.#names;
    for (let index = 0; index < names.length; index++) groups[names[index]] = match[index + 1];
    return { groups, input };
  }

  /** Whether it matches one of the schemes that the URL standard calls special. */
  get matchesSpecialScheme() {
    for (const scheme of specialSchemes.keys()) {
      if (this.test(scheme)) return true;
    }
    return false;
  }
}

module.exports = { Component, hostnameOptions, pathnameOptions, plainOptions };
