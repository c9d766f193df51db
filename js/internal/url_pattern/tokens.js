// The tokens of URL patterns.
'use strict';

const nameStart = /^[\p{ID_Start}$_]$/u;
const namePart = /^[\p{ID_Continue}$\u200c\u200d]$/u;

/**
 * @param {string} character one code point
 * @param {boolean} isFirst
 * @returns {boolean} whether it may stand in a group's name
 */
function isNameCharacter(character, isFirst) {
  return (isFirst ? nameStart : namePart).test(character);
}

class Token {
  /**
   * @param {'open' | 'close' | 'regexp' | 'name' | 'char' | 'escaped-char' | 'other-modifier' | 'asterisk' | 'end' |
   *   'invalid-char'} type
   * @param {number} index where it begins in the text
   */
  constructor(type, index, value) {
    this.type = type;
    this.index = index;
    this.value = value;
  }
}

const simpleTokens = {
  '__proto__': null,
  '*': 'asterisk',
  '+': 'other-modifier',
  '?': 'other-modifier',
  '{': 'open',
  '}': 'close',
};

/**
 * @param {string} input
 * @param {boolean} isLenient whether what is no token becomes an `invalid-char`
 * @returns {Token[]} the last one is the end
 * @throws {TypeError} if it is not lenient
 */
function tokenize(input, isLenient) {
  const tokens = [];
  let index = 0;

  function add(type, value, end) {
    tokens.push(new Token(type, index, value));
    index = end;
  }

  // `end` is where the text goes on, `value` what is wrong.
  function fail(start, end) {
    if (!isLenient) throw new TypeError('Invalid pattern');
    add('invalid-char', input.slice(start, end), end);
  }

  while (index < input.length) {
    const character = String.fromCodePoint(input.codePointAt(index));
    const next = index + character.length;
    const simple = simpleTokens[character];
    if (simple !== undefined) {
      add(simple, character, next);
    } else if (character === '\\') {
      if (next === input.length) {
        fail(index, next);
      } else {
        const escaped = String.fromCodePoint(input.codePointAt(next));
        add('escaped-char', escaped, next + escaped.length);
      }
    } else if (character === ':') {
      const end = endOfName(input, next);
      if (end === next) fail(index, next);
      else add('name', input.slice(next, end), end);
    } else if (character === '(') {
      const end = endOfRegExp(input, next);
      if (end === -1) fail(index, next);
      else add('regexp', input.slice(next, end - 1), end);
    } else {
      add('char', character, next);
    }
  }
  tokens.push(new Token('end', index, ''));
  return tokens;
}

function endOfName(input, start) {
  let position = start;
  while (position < input.length) {
    const character = String.fromCodePoint(input.codePointAt(position));
    if (!isNameCharacter(character, position === start)) break;
    position += character.length;
  }
  return position;
}

/** Where a group that begins at `start` has been closed; -1 if it is not one that may stand in a pattern. */
function endOfRegExp(input, start) {
  let depth = 1;
  let position = start;
  while (position < input.length) {
    const character = input[position];
    if (character > '\x7f' || (position === start && character === '?')) return -1;
    if (character === '\\') {
      if (position === input.length - 1 || input[position + 1] > '\x7f') return -1;
      position += 2;
      continue;
    }
    position++;
    if (character === ')') {
      if (--depth === 0) return position - start > 1 ? position : -1;
    } else if (character === '(') {
      depth++;
      // Groups within groups must not capture.
      if (position === input.length || input[position] !== '?') return -1;
    }
  }
  return -1;
}

module.exports = { isNameCharacter, tokenize };
