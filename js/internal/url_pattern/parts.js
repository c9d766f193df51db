// The parts of a component's pattern: what a pattern's text consists of, and the text that they make again.
'use strict';

const { isNameCharacter, tokenize } = require('internal/url_pattern/tokens');

const regExpSyntax = /[.+*?^${}()[\]|/\\]/g;
const patternSyntax = /[+*?:{}()\\]/g;

const escapeRegExp = (text) => text.replace(regExpSyntax, '\\$&');
const escapePattern = (text) => text.replace(patternSyntax, '\\$&');

/** Matches anything. */
const FULL_WILDCARD = '.*';

/** The expression for what a name without one matches: up to the next delimiter. */
function segmentWildcard({ delimiter }) {
  return `[^${escapeRegExp(delimiter)}]+?`;
}

class Part {
  /**
   * @param {'fixed-text' | 'regexp' | 'segment-wildcard' | 'full-wildcard'} type
   * @param {string} value the text, or the expression
   * @param {'' | '?' | '*' | '+'} modifier
   */
  constructor(type, value, modifier, name = '', prefix = '', suffix = '') {
    this.type = type;
    this.value = value;
    this.modifier = modifier;
    this.name = name;
    this.prefix = prefix;
    this.suffix = suffix;
  }
}

class PatternParser {
  #tokens;
  #options;
  #encode;
  #index = 0;
  #parts = [];
  #segmentWildcard;
  #pendingText = '';
  #nextNumber = 0;
  #names = new Set();

  constructor(input, options, encode) {
    this.#tokens = tokenize(input, false);
    this.#options = options;
    this.#encode = encode;
    this.#segmentWildcard = segmentWildcard(options);
  }

  parse() {
    const { prefix: prefixCharacter } = this.#options;
    while (this.#index < this.#tokens.length) {
      const character = this.#take('char');
      const name = this.#take('name');
      const expression = this.#takeExpression(name);
      if (name !== null || expression !== null) {
        let prefix = character === null ? '' : character.value;
        if (prefix !== '' && prefix !== prefixCharacter) {
          this.#pendingText += prefix;
          prefix = '';
        }
        this.#flushText();
        this.#addPart(prefix, name, expression, '', this.#takeModifier());
        continue;
      }
      const text = character ?? this.#take('escaped-char');
      if (text !== null) {
        this.#pendingText += text.value;
      } else if (this.#take('open') !== null) {
        this.#parseGroup();
      } else {
        this.#flushText();
        this.#require('end');
      }
    }
    return this.#parts;
  }

  #parseGroup() {
    const prefix = this.#takeText();
    const name = this.#take('name');
    const expression = this.#takeExpression(name);
    const suffix = this.#takeText();
    this.#require('close');
    this.#addPart(prefix, name, expression, suffix, this.#takeModifier());
  }

  #take(type) {
    const token = this.#tokens[this.#index];
    if (token.type !== type) return null;
    this.#index++;
    return token;
  }

  #require(type) {
    if (this.#take(type) === null) throw new TypeError('Invalid pattern');
  }

  #takeModifier() {
    const token = this.#take('other-modifier') ?? this.#take('asterisk');
    return token === null ? '' : token.value;
  }

  #takeExpression(name) {
    return this.#take('regexp') ?? (name === null ? this.#take('asterisk') : null);
  }

  #takeText() {
    let text = '';
    for (;;) {
      const token = this.#take('char') ?? this.#take('escaped-char');
      if (token === null) return text;
      text += token.value;
    }
  }

  #flushText() {
    if (this.#pendingText === '') return;
    const text = this.#encode(this.#pendingText);
    this.#pendingText = '';
    this.#parts.push(new Part('fixed-text', text, ''));
  }

  #addPart(prefix, name, expression, suffix, modifier) {
    if (name === null && expression === null && modifier === '') {
      this.#pendingText += prefix;
      return;
    }
    this.#flushText();
    if (name === null && expression === null) {
      if (prefix !== '') this.#parts.push(new Part('fixed-text', this.#encode(prefix), modifier));
      return;
    }
    let value = this.#segmentWildcard;
    if (expression !== null) value = expression.type === 'asterisk' ? FULL_WILDCARD : expression.value;
    let type = 'regexp';
    if (value === this.#segmentWildcard) type = 'segment-wildcard';
    else if (value === FULL_WILDCARD) type = 'full-wildcard';
    if (type !== 'regexp') value = '';
    const partName = name === null ? String(this.#nextNumber++) : name.value;
    if (this.#names.has(partName)) throw new TypeError('Duplicate name');
    this.#names.add(partName);
    this.#parts.push(new Part(type, value, modifier, partName, this.#encode(prefix), this.#encode(suffix)));
  }
}

/**
 * @param {string} input
 * @param {{ delimiter: string, prefix: string }} options of the component
 * @param {(text: string) => string} encode brings literal text into the form it has in a URL
 * @returns {Part[]}
 * @throws {TypeError}
 */
function parsePattern(input, options, encode) {
  return new PatternParser(input, options, encode).parse();
}

/**
 * @param {Part[]} parts
 * @returns {{ source: string, names: string[] }} a regular expression and the names of its groups
 */
function toRegExp(parts, options) {
  let source = '^';
  const names = [];
  for (const { type, value, modifier, name, prefix, suffix } of parts) {
    if (type === 'fixed-text') {
      source += modifier === '' ? escapeRegExp(value) : `(?:${escapeRegExp(value)})${modifier}`;
      continue;
    }
    names.push(name);
    let expression = value;
    if (type === 'segment-wildcard') expression = segmentWildcard(options);
    else if (type === 'full-wildcard') expression = FULL_WILDCARD;
    const isRepeated = modifier === '*' || modifier === '+';
    const before = escapeRegExp(prefix);
    const after = escapeRegExp(suffix);
    if (before === '' && after === '') {
      source += isRepeated ? `((?:${expression})${modifier})` : `(${expression})${modifier}`;
    } else if (isRepeated) {
      source += `(?:${before}((?:${expression})(?:${after}${before}(?:${expression}))*)${after})`;
      if (modifier === '*') source += '?';
    } else {
      source += `(?:${before}(${expression})${after})${modifier}`;
    }
  }
  return { source: `${source}$`, names };
}

function isNumeric(name) {
  return name[0] >= '0' && name[0] <= '9';
}

function beginsWithNameCharacter(text) {
  return text !== '' && isNameCharacter(String.fromCodePoint(text.codePointAt(0)), false);
}

/** Whether a part must stand in braces, lest it be read together with its neighbours. */
function needsBraces(part, previous, next, isNamed, options) {
  const { type, modifier, prefix, suffix } = part;
  // Of a prefix, Node looks at the first character.
  if (suffix !== '' || (prefix !== '' && prefix[0] !== options.prefix)) return true;
  if (isNamed && type === 'segment-wildcard' && modifier === '' && next !== undefined && next.prefix === '' &&
      next.suffix === '') {
    const runsOn = next.type === 'fixed-text' ? beginsWithNameCharacter(next.value) : isNumeric(next.name);
    if (runsOn) return true;
  }
  return prefix === '' && previous !== undefined && previous.type === 'fixed-text' && options.prefix !== '' &&
    previous.value.endsWith(options.prefix);
}

/**
 * @param {Part[]} parts
 * @returns {string} the pattern in its canonical form
 */
function toPattern(parts, options) {
  let result = '';
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    const { type, value, modifier, name, prefix, suffix } = part;
    if (type === 'fixed-text') {
      result += modifier === '' ? escapePattern(value) : `{${escapePattern(value)}}${modifier}`;
      continue;
    }
    const previous = parts[index - 1];
    const isNamed = !isNumeric(name);
    const hasBraces = needsBraces(part, previous, parts[index + 1], isNamed, options);
    if (hasBraces) result += '{';
    result += escapePattern(prefix);
    if (isNamed) result += `:${name}`;
    if (type === 'regexp') {
      result += `(${value})`;
    } else if (type === 'segment-wildcard') {
      if (!isNamed) result += `(${segmentWildcard(options)})`;
    } else if (!isNamed && (previous === undefined || previous.type === 'fixed-text' || previous.modifier !== '' ||
        hasBraces || prefix !== '')) {
      result += '*';
    } else {
      result += `(${FULL_WILDCARD})`;
    }
    if (type === 'segment-wildcard' && isNamed && beginsWithNameCharacter(suffix)) result += '\\';
    result += escapePattern(suffix);
    if (hasBraces) result += '}';
    result += modifier;
  }
  return result;
}

module.exports = { escapePattern, parsePattern, toPattern, toRegExp };
