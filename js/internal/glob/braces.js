// Brace expansion as the shell does it: `{a,b}` and `{1..3}`, before a glob is looked at.
'use strict';

const MAX_EXPANSIONS = 100_000;

// Stand for braces that are not to be looked at again.
const LITERAL_OPEN = '\0<';
const LITERAL_CLOSE = '\0>';

// The first braces of `text` that belong together, on the outermost level.
function findBraces(text) {
  for (let open = text.indexOf('{'); open !== -1; open = text.indexOf('{', open + 1)) {
    let depth = 0;
    for (let i = open; i < text.length; i++) {
      if (text[i] === '{') depth++;
      else if (text[i] === '}' && --depth === 0) return { open, close: i };
    }
  }
  return undefined;
}

// Splits at the commas that are not inside of further braces.
function splitAtCommas(body) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < body.length; i++) {
    const char = body[i];
    if (char === '{') {
      depth++;
    } else if (char === '}') {
      if (depth > 0) depth--;
    } else if (char === ',' && depth === 0) {
      parts.push(body.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(body.slice(start));
  return parts;
}

const numericSequence = /^-?\d+\.\.-?\d+(?:\.\.-?\d+)?$/;
const letterSequence = /^[a-zA-Z]\.\.[a-zA-Z](?:\.\.-?\d+)?$/;
const paddedNumber = /^-?0\d/;

function padNumber(n, width) {
  return n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0');
}

// `1..3` or `a..e..2` as the list of its items, undefined when `body` is no sequence.
function expandSequence(body) {
  const numeric = numericSequence.test(body);
  if (!numeric && !letterSequence.test(body)) return undefined;
  const parts = body.split('..');
  const [from, to] = parts.slice(0, 2).map((part) => (numeric ? Number(part) : part.charCodeAt(0)));
  const size = parts.length === 3 ? Math.max(Math.abs(Number(parts[2])), 1) : 1;
  const step = to < from ? -size : size;
  const isPadded = numeric && parts.some((part) => paddedNumber.test(part));
  const width = isPadded ? Math.max(parts[0].length, parts[1].length) : 0;
  const items = [];
  for (let n = from; (step > 0 ? n <= to : n >= to) && items.length < MAX_EXPANSIONS; n += step) {
    // Between Z and a there is the backslash, which would escape.
    if (!numeric) items.push(n === 92 ? '' : String.fromCharCode(n));
    else items.push(padNumber(n, width));
  }
  return items;
}

function combine(before, items, rests, keepEmpty) {
  const results = [];
  for (const item of items) {
    for (const rest of rests) {
      const expansion = before + item + rest;
      if (keepEmpty || expansion !== '') results.push(expansion);
      if (results.length >= MAX_EXPANSIONS) return results;
    }
  }
  return results;
}

function expand(text, isTop) {
  const braces = findBraces(text);
  if (braces === undefined) return [text];
  const before = text.slice(0, braces.open);
  const body = text.slice(braces.open + 1, braces.close);
  const after = text.slice(braces.close + 1);

  // `${...}` is the shell's.
  if (before.endsWith('$')) return combine(`${before}{${body}}`, [''], expand(after, false), true);

  const sequence = expandSequence(body);
  if (sequence !== undefined) return combine(before, sequence, expand(after, false), true);

  if (!body.includes(',')) {
    // `{a},b}` has two items: the first brace that closes is none.
    if (!/,(?!,).*\}/.test(after)) return [text];
    return expand(`${before}{${body}${LITERAL_CLOSE}${after}`, true);
  }

  const rests = expand(after, false);
  let items = splitAtCommas(body);
  if (items.length === 1) {
    // `x{{a,b}}y` is `x{a}y x{b}y`.
    items = expand(items[0], false).map((item) => `{${item}}`);
    if (items.length === 1) return combine(before, items, rests, true);
  } else {
    items = items.flatMap((item) => expand(item, false));
  }
  return combine(before, items, rests, !isTop);
}

/**
 * @param {string} pattern
 * @returns {string[]} the patterns that it stands for
 */
function expandBraces(pattern) {
  if (!/\{(?:(?!\{).)*\}/.test(pattern)) return [pattern];
  const text = pattern.startsWith('{}') ? `${LITERAL_OPEN}${LITERAL_CLOSE}${pattern.slice(2)}` : pattern;
  return expand(text, true).map((expansion) =>
    expansion.replaceAll(LITERAL_OPEN, '{').replaceAll(LITERAL_CLOSE, '}')
  );
}

module.exports = { expandBraces };
