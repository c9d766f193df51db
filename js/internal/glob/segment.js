// One segment of a glob, between two slashes: its syntax tree, and the regular expression made of that.
'use strict';

const { escapeRegExp, readClass } = require('internal/glob/character_class');

// What `*` and `?` stand for, and what must not stand at the beginning of a name.
const ANY = '[^/]';
const STAR = '[^/]*?';
const NON_EMPTY_STAR = '[^/]+?';
const NO_DOT = '(?!\\.)';
const NO_TRAVERSAL = '(?!(?:^|/)\\.\\.?(?:$|/))';

/** A group such as `+(a|b)`. Its alternatives are sequences of texts and further groups. */
class Group {
  /**
   * @param {'!' | '?' | '+' | '*' | '@'} type
   * @param {(string | Group)[][]} alternatives
   * @param {string} text as it is written
   */
  constructor(type, alternatives, text) {
    this.type = type;
    this.alternatives = alternatives;
    this.text = text;
  }
}

function isGroupStart(text, i) {
  return text[i + 1] === '(' && '!?+*@'.includes(text[i]);
}

// Where the bracket expression at `start` ends, as far as groups are concerned: there are none inside.
function skipBrackets(text, start) {
  const negated = text[start + 1] === '!' || text[start + 1] === '^';
  let i = start + 1;
  while (i < text.length && (text[i] !== ']' || i === start + 1 || (negated && i === start + 2))) i++;
  return Math.min(i + 1, text.length);
}

// Reads a sequence up to the end of `text`, or inside a group up to the next '|' or ')'.
function readSequence(text, start, inGroup) {
  const parts = [];
  let pending = '';
  let i = start;
  while (i < text.length) {
    if (inGroup && (text[i] === '|' || text[i] === ')')) break;
    if (text[i] === '[') {
      const end = skipBrackets(text, i);
      pending += text.slice(i, end);
      i = end;
      continue;
    }
    const group = isGroupStart(text, i) ? readGroup(text, i) : undefined;
    if (group === undefined) {
      pending += text[i++];
      continue;
    }
    if (pending !== '') parts.push(pending);
    pending = '';
    parts.push(group.node);
    i = group.end;
  }
  if (pending !== '' || parts.length === 0) parts.push(pending);
  return { parts, end: i };
}

// Reads a group; undefined where its bracket is not closed.
function readGroup(text, start) {
  const alternatives = [];
  let i = start + 2;
  for (;;) {
    const { parts, end } = readSequence(text, i, true);
    alternatives.push(parts);
    if (end >= text.length) return undefined;
    i = end + 1;
    if (text[end] === ')') break;
  }
  return { node: new Group(text[start], alternatives, text.slice(start, i)), end: i };
}

/** Makes the regular expression of a syntax tree. */
class Compiler {
  magic = false;
  unicode = false;

  // Text without groups. `nonEmpty`: a segment of nothing but stars has to match something.
  text(text, nonEmpty) {
    let source = '';
    let i = 0;
    while (i < text.length) {
      const char = text[i];
      if (char === '*') {
        source += nonEmpty && /^\*+$/.test(text) ? NON_EMPTY_STAR : STAR;
        while (text[i] === '*') i++;
        this.magic = true;
      } else if (char === '?') {
        source += ANY;
        i++;
        this.magic = true;
      } else {
        const read = char === '[' ? readClass(text, i) : undefined;
        source += read === undefined ? escapeRegExp(char) : read.source;
        if (read !== undefined) {
          this.magic ||= read.magic;
          this.unicode ||= read.unicode;
        }
        i = read === undefined ? i + 1 : read.end;
      }
    }
    return source;
  }

  /**
   * @param {(string | Group)[]} parts
   * @param {boolean} atStart whether the sequence begins the segment
   * @param {boolean} atEnd whether it ends it
   * @param {boolean} allowDot whether a dot at the beginning may be matched by magic
   * @param {string} rest the source of what follows in the segment, for negations
   * @param {boolean} negated whether this is an alternative of a negation, which has to reach the end
   */
  sequence(parts, atStart, atEnd, allowDot, rest, negated) {
    const whole = atStart && atEnd && parts.every((part) => typeof part === 'string');
    const sources = new Array(parts.length);
    let following = rest;
    // From the end: a negation has to know what comes after it.
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i];
      const starts = atStart && parts.slice(0, i).every((before) => before instanceof Group && before.type === '!');
      sources[i] =
        typeof part === 'string'
          ? this.text(part, whole)
          : this.group(part, starts, atEnd && i === parts.length - 1, allowDot, following);
      following = sources[i] + following;
    }
    const source = sources.join('');
    let prefix = '';
    if (atStart && typeof parts[0] === 'string') prefix = this.startCondition(parts, source, allowDot);
    return prefix + source + (negated ? `${rest}(?:$|\\/)` : '');
  }

  startCondition(parts, source, allowDot) {
    if (parts.length === 1 && (parts[0] === '.' || parts[0] === '..')) return '';
    const isMagic = (index) => source[index] === '[' || source[index] === '.';
    if (allowDot && isMagic(0)) return NO_TRAVERSAL;
    if (source.startsWith('\\.') && isMagic(2)) return NO_TRAVERSAL;
    if (source.startsWith('\\.\\.') && isMagic(4)) return NO_TRAVERSAL;
    return !allowDot && isMagic(0) ? NO_DOT : '';
  }

  group(node, atStart, atEnd, allowDot, rest) {
    const { type, alternatives } = node;
    const negation = type === '!';
    const body = (dots) =>
      alternatives
        .map((parts) => this.sequence(parts, atStart, negation || atEnd, dots, rest, negation))
        .join('|');
    const isEmpty = alternatives.every((parts) => parts.length === 1 && parts[0] === '');
    if (isEmpty && atStart && atEnd && !negation) return escapeRegExp(node.text);
    this.magic = true;
    if (negation) {
      const start = atStart && !allowDot ? NO_DOT : '';
      if (isEmpty) return start + NON_EMPTY_STAR;
      return `(?:(?!(?:${body(allowDot)}))${start}${STAR})`;
    }
    const first = body(allowDot);
    if (type === '@') return `(?:${first})`;
    if (type === '?') return `(?:${first})?`;
    // Only the first repetition stands at the beginning.
    const further = allowDot ? first : body(true);
    if (further === first) return `(?:${first})${type}`;
    const repeated = `(?:(?:${first})(?:${further})*?)`;
    return type === '+' ? repeated : `${repeated}?`;
  }
}

// What text without magic stands for: `[a]` is the character alone.
function toLiteral(text) {
  let literal = '';
  for (let i = 0; i < text.length; ) {
    const read = text[i] === '[' ? readClass(text, i) : undefined;
    literal += read === undefined ? text[i] : read.literal;
    i = read === undefined ? i + 1 : read.end;
  }
  return literal;
}

/**
 * @param {string} text a segment
 * @returns {string | RegExp} a string when there is nothing magic about it
 */
function parseSegment(text) {
  const { parts } = readSequence(text, 0, false);
  const compiler = new Compiler();
  const source = compiler.sequence(parts, true, true, false, '', false);
  if (compiler.magic) return new RegExp(`^${source}$`, compiler.unicode ? 'u' : '');
  return parts.map((part) => (typeof part === 'string' ? toLiteral(part) : part.text)).join('');
}

module.exports = { parseSegment };
