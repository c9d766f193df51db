// One segment of a glob, between two slashes: its syntax tree, and the regular expression made of that.
'use strict';

const { escapeRegExp, readClass } = require('internal/glob/character_class');

// What `*` and `?` stand for, and what must not stand at the beginning of a name.
const ANY = '[^/]';
const STAR = '[^/]*?';
const NON_EMPTY_STAR = '[^/]+?';
const NO_DOT = '(?!\\.)';
const NO_TRAVERSAL = '(?!(?:^|/)\\.\\.?(?:$|/))';

// Groups inside of groups are taken apart as Node does it. Of the inner types here, the outer group takes
// over the alternatives; with those of the second table it gets an empty one besides; by the third, a group
// that has nothing else in it becomes one of another type.
const adopted = { '!': '@', '?': '?@', '@': '@', '*': '*+?@', '+': '+@' };
const adoptedWithEmpty = { '!': '?', '?': '', '@': '?', '*': '', '+': '?*' };
const becomes = {
  '!': { '!': '@' },
  '?': { '*': '*', '+': '*' },
  '@': { '!': '!', '?': '?', '@': '@', '*': '*', '+': '+' },
  '*': {},
  '+': { '?': '*', '*': '*' },
};

/** A group such as `+(a|b)`. Its alternatives are sequences of texts and further groups. */
class Group {
  /**
   * @param {'!' | '?' | '+' | '*' | '@' | 'text'} type `text`: what follows a bracket that is not closed
   * @param {(string | Group)[][]} alternatives
   */
  constructor(type, alternatives) {
    this.type = type;
    this.alternatives = alternatives;
    // As in Node, a negation that ends with a group or an empty alternative negates nothing...
    const last = alternatives.at(-1).at(-1);
    this.hollow = type === '!' && (last === '' || last instanceof Group);
    // ...and what was negated twice still ends with what follows it.
    this.repeatsRest = false;
    if (type !== 'text') this.#flatten();
  }

  get text() {
    const alternatives = this.alternatives.map((parts) => parts.map(textOf).join(''));
    return this.type === 'text' ? alternatives[0] : `${this.type}(${alternatives.join('|')})`;
  }

  #flatten() {
    for (let i = 0; i < this.alternatives.length; i++) {
      const inner = onlyGroup(this.alternatives[i]);
      if (inner === undefined) continue;
      const withEmpty = adoptedWithEmpty[this.type].includes(inner.type);
      if (withEmpty || adopted[this.type].includes(inner.type)) {
        this.alternatives.splice(i--, 1, ...inner.alternatives, ...(withEmpty ? [['']] : []));
      } else if (this.alternatives.length === 1 && inner.type in becomes[this.type]) {
        this.repeatsRest = this.type === '!';
        this.hollow = false;
        this.type = becomes[this.type][inner.type];
        this.alternatives = inner.alternatives.slice();
        i = -1;
      }
    }
  }

  /** The group as a part of what a negation before it negates: it is not hollow then. */
  asPartOfNegation() {
    const copy = new Group(this.type, this.alternatives.map(partsOfNegation));
    copy.hollow = false;
    return copy;
  }
}

function onlyGroup(parts) {
  return parts.length === 1 && parts[0] instanceof Group && parts[0].type !== 'text' ? parts[0] : undefined;
}

function textOf(part) {
  return typeof part === 'string' ? part : part.text;
}

function partsOfNegation(parts) {
  return parts.map((part) => (typeof part === 'string' ? part : part.asPartOfNegation()));
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
    if (!isGroupStart(text, i)) {
      pending += text[i++];
      continue;
    }
    if (pending !== '') parts.push(pending);
    pending = '';
    const group = readGroup(text, i);
    // Where the bracket is not closed, all that follows is text, groups inside of it too.
    parts.push(group === undefined ? new Group('text', [[text.slice(i)]]) : group.node);
    i = group === undefined ? text.length : group.end;
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
  return { node: new Group(text[start], alternatives), end: i };
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
   * @param {(string | Group)[]} allParts
   * @param {boolean} atStart whether the sequence begins the segment
   * @param {boolean} atEnd whether it ends it
   * @param {boolean} allowDot whether a dot at the beginning may be matched by magic
   * @param {(string | Group)[]} rest what follows in the segment, for negations
   */
  sequence(allParts, atStart, atEnd, allowDot, rest) {
    const parts = allParts.filter((part) => part !== '');
    const whole = atStart && atEnd && parts.every((part) => typeof part === 'string');
    let source = '';
    let starts = atStart;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if (typeof part === 'string') {
        source += this.text(part, whole);
      } else {
        const following = [...parts.slice(i + 1), ...rest];
        source += this.group(part, starts, atEnd && i === parts.length - 1, allowDot, following);
      }
      starts &&= part instanceof Group && part.type === '!';
    }
    if (!atStart || typeof parts[0] !== 'string') return source;
    return this.startCondition(parts, source, allowDot) + source;
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
    const { type } = node;
    let { alternatives } = node;
    if (type === 'text') return this.sequence(alternatives[0], atStart, atEnd, allowDot, rest);
    if (type === '!') return this.negation(node, atStart, allowDot, rest);
    // As in Node, a group of nothing is then not even escaped.
    if (atStart && atEnd && alternatives.every(isEmptySequence)) return node.text;
    this.magic = true;
    if (node.repeatsRest) alternatives = alternatives.map((parts) => [...parts, ...partsOfNegation(rest)]);
    // As in Node, a group that is the whole segment has no empty alternatives.
    const keepEmpty = !(atStart && atEnd);
    const body = (dots) =>
      alternatives
        .map((parts) => this.sequence(parts, atStart, atEnd, dots, rest))
        .filter((source) => keepEmpty || source !== '')
        .join('|');
    const first = body(allowDot);
    if (type === '@') return `(?:${first})`;
    if (type === '?') return `(?:${first})?`;
    // Only the first repetition stands at the beginning.
    const further = allowDot ? first : body(true);
    if (further === first) return `(?:${first})${type}`;
    const repeated = `(?:(?:${first})(?:${further})*?)`;
    return type === '+' ? repeated : `${repeated}?`;
  }

  negation(node, atStart, allowDot, rest) {
    this.magic = true;
    const start = atStart && !allowDot ? NO_DOT : '';
    if (node.hollow) return start + NON_EMPTY_STAR;
    // What is negated is the alternative together with all that follows.
    const following = partsOfNegation(rest);
    const sources = node.alternatives.map(
      (parts) => `${this.sequence([...parts, ...following], atStart, true, allowDot, [])}(?:$|\\/)`
    );
    return `(?:(?!(?:${sources.join('|')}))${start}${STAR})`;
  }
}

function isEmptySequence(parts) {
  return parts.every((part) => part === '');
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

function literalOf(group) {
  return group.type === 'text' ? toLiteral(group.text) : group.text;
}

/**
 * @param {string} text a segment
 * @returns {string | RegExp} a string when there is nothing magic about it
 */
function parseSegment(text) {
  const { parts } = readSequence(text, 0, false);
  const compiler = new Compiler();
  const source = compiler.sequence(parts, true, true, false, []);
  if (compiler.magic) return new RegExp(`^${source}$`, compiler.unicode ? 'u' : '');
  return parts.map((part) => (typeof part === 'string' ? toLiteral(part) : literalOf(part))).join('');
}

module.exports = { parseSegment };
