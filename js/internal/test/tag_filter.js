// Expressions that choose tests by their tags: `db && !slow`, `(unit or fast) and not net*`.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');

const words = { __proto__: null, and: 'AND', or: 'OR', not: 'NOT' };
const signs = { __proto__: null, '(': 'LPAREN', ')': 'RPAREN', '!': 'NOT', '&&': 'AND', '||': 'OR' };
const token = /\s*(?:(&&|\|\||[()!])|([&|])|([^\s&|!()]+))/y;

/** Reads one expression; what is wrong with it is told with the place. */
class Parser {
  #at = 0;
  #name;
  #text;
  #tokens = [];

  constructor(text, name) {
    this.#text = text;
    this.#name = name;
    const end = text.trimEnd().length;
    token.lastIndex = 0;
    while (token.lastIndex < end) {
      const [all, sign, half, word] = token.exec(text);
      const position = token.lastIndex - all.trimStart().length;
      if (half !== undefined) {
        const whole = half === '&' ? "'&&' or 'and'" : "'||' or 'or'";
        throw this.#error(`unexpected '${half}' at position ${position}; use ${whole}`);
      }
      const lower = word?.toLowerCase();
      const type = word === undefined ? signs[sign] : words[lower] ?? 'TAG';
      this.#tokens.push({ type, position, tag: lower });
    }
    this.#tokens.push({ type: 'EOF', position: text.length });
  }

  #error(reason) {
    return new ERR_INVALID_ARG_VALUE(this.#name, this.#text, reason);
  }

  get #next() {
    return this.#tokens[this.#at];
  }

  #takes(type) {
    if (this.#next.type !== type) return false;
    this.#at++;
    return true;
  }

  /** @returns {(tags: string[]) => boolean} */
  parse() {
    const matches = this.#either();
    if (this.#next.type !== 'EOF') throw this.#error(`unexpected token at position ${this.#next.position}`);
    return matches;
  }

  #either() {
    let matches = this.#both();
    while (this.#takes('OR')) {
      const [left, right] = [matches, this.#both()];
      matches = (tags) => left(tags) || right(tags);
    }
    return matches;
  }

  #both() {
    let matches = this.#operand();
    while (this.#takes('AND')) {
      const [left, right] = [matches, this.#operand()];
      matches = (tags) => left(tags) && right(tags);
    }
    return matches;
  }

  #operand() {
    const { type, position, tag } = this.#next;
    this.#at++;
    const isLast = this.#next?.type === 'EOF';
    switch (type) {
      case 'NOT': {
        if (isLast) throw this.#error(`expected operand after 'not' at position ${position}`);
        const inner = this.#operand();
        return (tags) => !inner(tags);
      }
      case 'LPAREN': {
        if (isLast) throw this.#error(`unmatched '(' at position ${position}`);
        const inner = this.#either();
        if (!this.#takes('RPAREN')) throw this.#error(`expected ')' at position ${this.#next.position}`);
        return inner;
      }
      case 'TAG':
        return matcherOf(tag);
      default:
        throw this.#error(`unexpected token '${type}' at position ${position}`);
    }
  }
}

/** A star in a tag stands for any text. */
function matcherOf(tag) {
  if (!tag.includes('*')) return (tags) => tags.includes(tag);
  const pattern = new RegExp(`^${tag.split('*').map(RegExp.escape).join('.*')}$`);
  return (tags) => tags.some((each) => pattern.test(each));
}

/**
 * @param {string} text  an expression
 * @param {string} name  of the argument, for errors
 * @returns {(tags: string[]) => boolean} whether a test with such tags is chosen
 */
function parseTagFilter(text, name) {
  return new Parser(text, name).parse();
}

module.exports = { parseTagFilter };
