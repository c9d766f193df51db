// Text of primitive values: quoted and escaped strings, numbers with separators, symbols, property names.
'use strict';

const QUOTE = 0x27;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const DELETE = 0x7f;
const LAST_CONTROL = 0x9f;

/** Escape sequences by character code, for what cannot stand in a literal as it is. */
const escapes = new Array(LAST_CONTROL + 1).fill(undefined);
for (let code = 0; code <= LAST_CONTROL; code++) {
  if (code >= FIRST_PRINTABLE && code < DELETE) continue;
  escapes[code] = `\\x${code < 0x10 ? '0' : ''}${code.toString(16).toUpperCase()}`;
}
escapes[0x08] = '\\b';
escapes[0x09] = '\\t';
escapes[0x0a] = '\\n';
escapes[0x0c] = '\\f';
escapes[0x0d] = '\\r';
escapes[QUOTE] = '\\\'';
escapes[BACKSLASH] = '\\\\';

const SHORTEST_STRING_TO_SPLIT = 16;

const symbolToString = Function.prototype.call.bind(Symbol.prototype.toString);

/**
 * Escapes controls, backslashes, halves of surrogate pairs and, if wanted, single quotes.
 * @param {string} text
 * @param {boolean} escapesQuote
 * @returns {string}
 */
function escapeText(text, escapesQuote) {
  let result = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    let escape;
    if (code <= LAST_CONTROL) {
      escape = escapes[code];
      if (escape === undefined || (code === QUOTE && !escapesQuote)) continue;
    } else {
      if (code < 0xd800 || code > 0xdfff) continue;
      if (code < 0xdc00) {
        const next = text.charCodeAt(i + 1);
        if (next >= 0xdc00 && next <= 0xdfff) {
          i++;
          continue;
        }
      }
      escape = `\\u${code.toString(16)}`;
    }
    result += text.slice(copied, i) + escape;
    copied = i + 1;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

/** Quotes a string in which there is more than plain characters. */
function quoteUnusual(text) {
  if (text.includes('\'')) {
    if (!text.includes('"')) return `"${escapeText(text, false)}"`;
    if (!text.includes('`') && !text.includes('${')) return `\`${escapeText(text, false)}\``;
  }
  return `'${escapeText(text, true)}'`;
}

/**
 * The string as a JavaScript literal, in single quotes unless other quotes spare an escape.
 * @param {string} text
 * @returns {string}
 */
function quoteString(text) {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isPlain = code >= FIRST_PRINTABLE && code < DELETE && code !== QUOTE && code !== BACKSLASH;
    if (!isPlain) return quoteUnusual(text);
  }
  return `'${text}'`;
}

/** Puts `_` between groups of three digits, counted from the right; `digits` may have a sign. */
function separateInteger(digits) {
  let result = '';
  let end = digits.length;
  const start = digits.startsWith('-') ? 1 : 0;
  for (; end >= start + 4; end -= 3) {
    result = `_${digits.slice(end - 3, end)}${result}`;
  }
  return result === '' ? digits : digits.slice(0, end) + result;
}

/** Puts `_` between groups of three digits, counted from the left. */
function separateFraction(digits) {
  let result = '';
  let start = 0;
  for (; start < digits.length - 3; start += 3) {
    result += `${digits.slice(start, start + 3)}_`;
  }
  return result === '' ? digits : result + digits.slice(start);
}

/**
 * @param {number} number
 * @param {boolean} separators whether digits are grouped with `_`
 * @returns {string} without colours
 */
function numberText(number, separators) {
  if (number === 0) return Object.is(number, -0) ? '-0' : '0';
  const text = `${number}`;
  if (!separators || !Number.isFinite(number) || text.includes('e')) return text;
  const point = text.indexOf('.');
  if (point === -1) return separateInteger(text);
  return `${separateInteger(text.slice(0, point))}.${separateFraction(text.slice(point + 1))}`;
}

/**
 * @param {bigint} bigint
 * @param {boolean} separators whether digits are grouped with `_`
 * @returns {string} without colours
 */
function bigintText(bigint, separators) {
  const text = String(bigint);
  return `${separators ? separateInteger(text) : text}n`;
}

/**
 * @param {number} count
 * @param {string} noun in the singular
 * @returns {string} `... 2 more items`
 */
function moreText(count, noun) {
  return `... ${count} more ${noun}${count > 1 ? 's' : ''}`;
}

/** A string of several lines as a sum of one literal a line. */
function formatLines(ctx, value, stylize) {
  const separator = ` +\n${' '.repeat(ctx.indentation + 2)}`;
  let text = '';
  let start = 0;
  while (start < value.length) {
    const newline = value.indexOf('\n', start);
    const end = newline === -1 ? value.length : newline + 1;
    const literal = stylize(quoteString(value.slice(start, end)), 'string');
    text += start === 0 ? literal : separator + literal;
    start = end;
  }
  return text;
}

function formatString(ctx, value, stylize) {
  let rest = '';
  if (value.length > ctx.maxStringLength) {
    rest = moreText(value.length - ctx.maxStringLength, 'character');
    value = value.slice(0, ctx.maxStringLength);
  }
  if (value.length > SHORTEST_STRING_TO_SPLIT && ctx.compact !== true &&
      value.length > ctx.breakLength - ctx.indentation - 4 && value.includes('\n')) {
    return formatLines(ctx, value, stylize) + rest;
  }
  const text = stylize(quoteString(value), 'string');
  return rest === '' ? text : text + rest;
}

/**
 * Text of a value that is neither an object nor a function.
 * @param {object} ctx the inspection's context
 * @param {*} value
 * @param {Function} stylize `ctx.stylize`, or another styler
 * @returns {string}
 */
function formatPrimitive(ctx, value, stylize) {
  switch (typeof value) {
    case 'string':
      return formatString(ctx, value, stylize);
    case 'number':
      return stylize(numberText(value, ctx.numericSeparator), 'number');
    case 'boolean':
      return stylize(value ? 'true' : 'false', 'boolean');
    case 'undefined':
      return stylize('undefined', 'undefined');
    case 'bigint':
      return stylize(bigintText(value, ctx.numericSeparator), 'bigint');
    default:
      return value === null ? stylize('null', 'null') : stylize(symbolToString(value), 'symbol');
  }
}

/** Whether the key can stand in front of a colon without quotes. */
function isPlainKey(key) {
  const { length } = key;
  if (length === 0) return false;
  for (let i = 0; i < length; i++) {
    const code = key.charCodeAt(i);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
    if (!isLetter && (i === 0 || code < 0x30 || code > 0x39)) return false;
  }
  return true;
}

/**
 * A property's name as it stands in front of the colon.
 * @param {object} ctx the inspection's context
 * @param {string|symbol} key
 * @param {boolean} enumerable hidden properties stand in brackets
 * @returns {string}
 */
function formatKey(ctx, key, enumerable) {
  let name;
  if (typeof key === 'symbol') name = ctx.stylize(escapeText(symbolToString(key), true), 'symbol');
  else if (key === '__proto__') name = '[\'__proto__\']';
  else if (isPlainKey(key)) name = ctx.stylize(key, 'name');
  else name = ctx.stylize(quoteString(key), 'string');
  return enumerable ? name : `[${name}]`;
}

module.exports = {
  quoteString,
  numberText,
  bigintText,
  moreText,
  formatPrimitive,
  formatKey,
};
