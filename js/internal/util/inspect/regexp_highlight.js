// Colours regular expressions: each token by its role and by how deeply it is nested.
'use strict';

const DEFAULT_PALETTE = ['green', 'red', 'yellow', 'cyan', 'magenta'];

// Where in the palette a role starts; every level of nesting moves on by one.
const DELIMITER = 0;
const BRACKET = 1;
const TEXT = 2;
const NUMBER = 3;
const ANY_CHARACTER = 3;
const OPERATOR = 4;
// Inside a class, which is a level of its own, text keeps the colour that it has outside.
const CLASS_TEXT = 1;
const CLASS_RANGE = 2;
const REFERENCE_BRACKET = 0;
const REFERENCE_NAME = 1;

const DIGITS = /[0-9]*/y;

class Highlighter {
  /**
   * @param {string} source `/pattern/flags`
   * @param {Array<[number, number]>} palette ANSI codes
   */
  constructor(source, palette) {
    this.source = source;
    this.palette = palette;
    this.position = 0;
    this.depth = 0;
    this.isInClass = false;
    this.output = '';
  }

  write(text, role) {
    const color = this.palette[(this.depth + role) % this.palette.length] ?? this.palette[0];
    this.output += `\u001b[${color[0]}m${text}\u001b[${color[1]}m`;
  }

  /** Writes the next `length` characters as one token. */
  take(length, role) {
    this.write(this.source.slice(this.position, this.position + length), role);
    this.position += length;
  }

  open(length) {
    this.take(length, BRACKET);
    this.depth++;
  }

  close() {
    this.depth--;
    this.take(1, BRACKET);
  }

  /** Writes a bracketed name, like `\p{L}`; without its closing bracket the opening is mere text. */
  takeBracketed(closing, bracketRole, nameRole) {
    const end = this.source.indexOf(closing, this.position + 3);
    if (end === -1) {
      this.take(3, TEXT);
      return;
    }
    this.take(3, bracketRole);
    this.take(end - this.position, nameRole);
    this.take(1, bracketRole);
  }

  takeDigits(role) {
    DIGITS.lastIndex = this.position;
    const { length } = DIGITS.exec(this.source)[0];
    if (length !== 0) this.take(length, role);
  }

  takeEscape() {
    const { source, position } = this;
    const next = source[position + 1];
    const afterNext = source[position + 2];
    const role = this.isInClass ? CLASS_TEXT : TEXT;
    if ((next === 'u' || next === 'p' || next === 'P') && afterNext === '{') {
      this.takeBracketed('}', BRACKET, TEXT);
    } else if (next === 'k' && afterNext === '<' && !this.isInClass) {
      this.takeBracketed('>', REFERENCE_BRACKET, REFERENCE_NAME);
    } else if (next === 'x') {
      this.take(4, role);
    } else if (next >= '0' && next <= '9' && !this.isInClass) {
      DIGITS.lastIndex = position + 1;
      this.take(1 + DIGITS.exec(source)[0].length, role);
    } else {
      this.take(2, role);
    }
  }

  takeInClass(character) {
    if (character === ']') {
      this.isInClass = false;
      this.close();
      return;
    }
    const isRange = character === '-' &&
      this.source[this.position - 1] !== '[' && this.source[this.position + 1] !== ']';
    this.take(1, isRange ? CLASS_RANGE : CLASS_TEXT);
  }

  takeGroup() {
    const { source } = this;
    this.take(1, BRACKET);
    if (source[this.position] === '?') {
      const next = source[this.position + 1];
      const afterNext = source[this.position + 2];
      if (next === ':' || next === '=' || next === '!') {
        this.take(2, BRACKET);
      } else if (next === '<' && (afterNext === '=' || afterNext === '!')) {
        this.take(3, BRACKET);
      } else if (next === '<') {
        this.take(2, BRACKET);
        const end = source.indexOf('>', this.position);
        this.take((end === -1 ? source.length : end) - this.position, TEXT);
        if (end !== -1) this.take(1, BRACKET);
      } else {
        this.take(1, TEXT);
      }
    }
    this.depth++;
  }

  takeBrace() {
    const next = this.source[this.position + 1];
    if (next !== ',' && !(next >= '0' && next <= '9')) {
      this.take(1, TEXT);
      return;
    }
    this.open(1);
    this.takeDigits(NUMBER - 1);
    if (this.source[this.position] === ',') {
      this.take(1, TEXT - 1);
      this.takeDigits(NUMBER - 1);
    }
    if (this.source[this.position] === '}') this.close();
  }

  takeToken(character) {
    if (character === '\\') return this.takeEscape();
    if (this.isInClass) return this.takeInClass(character);
    switch (character) {
      case '[':
        this.isInClass = true;
        return this.open(1);
      case '(':
        return this.takeGroup();
      case ')':
        return this.close();
      case '{':
        return this.takeBrace();
      case '.':
        return this.take(1, ANY_CHARACTER);
      case '*':
      case '+':
      case '?':
      case '|':
      case '^':
      case '$':
      case ',':
        return this.take(1, OPERATOR);
      default:
        return this.take(1, TEXT);
    }
  }

  run() {
    const { source } = this;
    this.write('/', DELIMITER);
    this.position = 1;
    while (this.position < source.length) {
      const character = source[this.position];
      if (character === '/' && !this.isInClass) break;
      this.takeToken(character);
    }
    this.write('/', DELIMITER);
    const flags = source.slice(this.position + 1);
    if (flags !== '') this.write(flags, BRACKET);
    return this.output;
  }
}

/**
 * @param {string} source `/pattern/flags`
 * @param {string[]} [names] colours, by name; the default palette if there are none
 * @param {object} colors ANSI codes by name
 * @returns {string}
 */
function highlight(source, names, colors) {
  const palette = [];
  for (const name of names?.length > 0 ? names : DEFAULT_PALETTE) {
    if (colors[name] !== undefined) palette.push(colors[name]);
  }
  return palette.length === 0 ? source : new Highlighter(String(source), palette).run();
}

module.exports = { highlight };
