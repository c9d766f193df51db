// Finds the text of the call that failed, for the message of `assert.ok(x > 1)`.

'use strict';

const keywords = new Set([
  'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else',
  'export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'new',
  'null', 'return', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while',
  'with',
]);

/** Keywords after which a slash begins a regular expression. */
const beforeExpression = new Set([
  'await', 'case', 'delete', 'do', 'else', 'in', 'instanceof', 'new', 'of', 'return', 'throw', 'typeof',
  'void', 'yield',
]);

const quotes = new Set(['"', "'", '`']);
const endsIncrement = /\+\+|--/;

/** Keywords whose parentheses may be followed by a regular expression. */
const beforeCondition = new Set(['if', 'while', 'for', 'with']);

const beginsName = /^[\p{ID_Start}$_\\]/u;
const isNameCharacter = /[\p{ID_Continue}$\u200c\u200d\\]/u;
/** A letter outside the basic plane. */
const isLetterPair = /^[\u{10000}-\u{10ffff}]$/u;
const canBeInChain = /[\p{ID_Continue}$\u200c\u200d\\\s.[\]]/u;
const nameAt = /[\p{ID_Continue}$\u200c\u200d\\]+/uy;
const chainToken =
  /\/\*[^]*?\*\/|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[\p{ID_Continue}$\u200c\u200d\\]+|\?\.|[.[\]]/gu;

/**
 * Cuts the call out of its line: the names before it that belong to it, and up to its closing parenthesis or,
 * if that is on a later line, the end of the line.
 * @param {string} line
 * @param {number} column Index of the last name of the callee, or of what follows a callee that is no name.
 * @returns {string}
 */
function callText(line, column) {
  return line.slice(calleeStart(line, column), callEnd(line, column));
}

/** Where the names, dots and simple subscripts before `column` begin. */
function calleeStart(line, column) {
  const end = nameEnd(line, column);
  let start = -1;
  let wasName = false;
  chainToken.lastIndex = chainStart(line, column);
  for (let match; (match = chainToken.exec(line)) !== null && match.index < end;) {
    const token = match[0];
    if (token.startsWith('/*')) continue;
    const isName = beginsName.test(token);
    if (isName && keywords.has(token)) start = -1;
    else if (isName && (start === -1 || wasName)) start = match.index;
    wasName = isName;
  }
  return start === -1 || start > column ? column : start;
}

function nameEnd(line, column) {
  nameAt.lastIndex = column;
  return nameAt.test(line) ? nameAt.lastIndex : column;
}

/** Goes back over all that can be part of a chain of names. */
function chainStart(line, column) {
  let i = column;
  while (i > 0) {
    const character = line[i - 1];
    if (character === '#') return nameEnd(line, i);
    if (character === '/' && line[i - 2] === '*') {
      const start = line.lastIndexOf('/*', i - 4);
      if (start === -1) break;
      i = start;
    } else if (character === '"' || character === "'") {
      const start = openingQuote(line, i - 1);
      if (start === -1) break;
      i = start;
    } else if (character === '?' ? line[i] === '.' : canBeInChain.test(character)) {
      i--;
    } else if (isLetterPair.test(line.slice(Math.max(0, i - 2), i))) {
      i -= 2;
    } else {
      break;
    }
  }
  return i;
}

function openingQuote(line, closing) {
  let i = closing;
  do {
    i = line.lastIndexOf(line[closing], i - 1);
  } while (i > 0 && line[i - 1] === '\\');
  return i;
}

/** Where the parenthesis that opens first after `start` is closed. */
function callEnd(line, start) {
  const opened = [];
  let i = start;
  let previous = '';
  let regExpMayFollow = false;
  while (i < line.length) {
    const character = line[i];
    if (character === '/' && (line[i + 1] === '/' || line[i + 1] === '*')) {
      const end = line[i + 1] === '/' ? -1 : line.indexOf('*/', i + 2);
      if (end === -1) return line.length;
      i = end + 2;
      continue;
    }
    if (isNameCharacter.test(character)) {
      i = nameEnd(line, i);
      previous = wordBefore(line, i);
      regExpMayFollow = beforeExpression.has(previous);
      continue;
    }
    const isSpace = character === ' ' || character === '\t';
    if (quotes.has(character) || (character === '/' && regExpMayFollow)) {
      i = literalEnd(line, i);
      regExpMayFollow = false;
    } else if (character === '(' || character === '[' || character === '{') {
      opened.push(mayRegExpFollowClosing(character, previous));
      regExpMayFollow = true;
      i++;
    } else if (character === ')' || character === ']' || character === '}') {
      regExpMayFollow = opened.pop();
      i++;
      if (opened.length === 0 && character === ')') return i;
    } else {
      if (!isSpace) regExpMayFollow = !endsIncrement.test(line.slice(i - 1, i + 1));
      i++;
    }
    if (!isSpace) previous = character;
  }
  return line.length;
}

function wordBefore(line, end) {
  let start = end;
  while (start > 0 && isNameCharacter.test(line[start - 1])) start--;
  return line.slice(start, end);
}

/** Guesses from what stands before a bracket what its closing one ends. */
function mayRegExpFollowClosing(bracket, previous) {
  if (bracket === '(') return beforeCondition.has(previous);
  return bracket === '{' && (previous === '' || previous === ';' || previous === '{' || previous === '}');
}

/** Where the string, template or regular expression that begins at `start` ends. */
function literalEnd(line, start) {
  const quote = line[start];
  let isInClass = false;
  for (let i = start + 1; i < line.length; i++) {
    const character = line[i];
    if (character === '\\') i++;
    else if (quote === '`' && character === '$' && line[i + 1] === '{') i = substitutionEnd(line, i + 1) - 1;
    else if (quote === '/' && character === '[') isInClass = true;
    else if (quote === '/' && character === ']') isInClass = false;
    else if (character === quote && !isInClass) return i + 1;
  }
  return line.length;
}

/** Where the braces that begin at `start`, inside a template, end. */
function substitutionEnd(line, start) {
  let depth = 0;
  for (let i = start; i < line.length; i++) {
    const character = line[i];
    if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return i + 1;
    else if (quotes.has(character)) i = literalEnd(line, i) - 1;
  }
  return line.length;
}

module.exports = { callText };
