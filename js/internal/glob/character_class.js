// `[...]` in a glob, as a part of a regular expression.
'use strict';

// Which characters a named class stands for; `negated` ones are those that are not to match.
const namedClasses = [
  { name: '[:alnum:]', source: '\\p{L}\\p{Nl}\\p{Nd}', unicode: true, negated: false },
  { name: '[:alpha:]', source: '\\p{L}\\p{Nl}', unicode: true, negated: false },
  { name: '[:ascii:]', source: '\\x00-\\x7f', unicode: false, negated: false },
  { name: '[:blank:]', source: '\\p{Zs}\\t', unicode: true, negated: false },
  { name: '[:cntrl:]', source: '\\p{Cc}', unicode: true, negated: false },
  { name: '[:digit:]', source: '\\p{Nd}', unicode: true, negated: false },
  { name: '[:graph:]', source: '\\p{Z}\\p{C}', unicode: true, negated: true },
  { name: '[:lower:]', source: '\\p{Ll}', unicode: true, negated: false },
  { name: '[:print:]', source: '\\p{C}', unicode: true, negated: false },
  { name: '[:punct:]', source: '\\p{P}', unicode: true, negated: false },
  { name: '[:space:]', source: '\\p{Z}\\t\\r\\n\\v\\f', unicode: true, negated: false },
  { name: '[:upper:]', source: '\\p{Lu}', unicode: true, negated: false },
  { name: '[:word:]', source: '\\p{L}\\p{Nl}\\p{Nd}\\p{Pc}', unicode: true, negated: false },
  { name: '[:xdigit:]', source: 'A-Fa-f0-9', unicode: false, negated: false },
];

/** A regular expression that matches nothing. */
const NOTHING = '$.';

function escapeInClass(text) {
  return text.replace(/[[\]\\-]/g, '\\$&');
}

/**
 * Reads the class that begins at `start`, where `text` has '['.
 * @param {string} text
 * @param {number} start
 * @returns {{ source: string, literal?: string, end: number, magic: boolean, unicode: boolean } | undefined}
 *   undefined where the bracket is not closed; a class that can match nothing takes all that follows
 */
function readClass(text, start) {
  const { length } = text;
  const nothing = { source: NOTHING, end: length, magic: true, unicode: false };
  const sources = [];
  const negatedSources = [];
  let unicode = false;
  let single;
  let i = start + 1;
  const negate = text[i] === '!' || text[i] === '^';
  if (negate) i++;
  const first = i;

  while (i < length && (text[i] !== ']' || i === first)) {
    const named = text[i] === '[' ? namedClasses.find(({ name }) => text.startsWith(name, i)) : undefined;
    if (named !== undefined) {
      (named.negated ? negatedSources : sources).push(named.source);
      unicode ||= named.unicode;
      i += named.name.length;
      single = undefined;
      continue;
    }
    const char = text[i];
    if (text[i + 1] !== '-' || i + 2 >= length) {
      single = char;
      sources.push(escapeInClass(char));
      i++;
    } else if (text[i + 2] === ']') {
      single = undefined;
      sources.push(escapeInClass(`${char}-`));
      i += 2;
    } else {
      if (namedClasses.some(({ name }) => text.startsWith(name, i + 2))) return nothing;
      const last = text[i + 2];
      if (last > char) sources.push(`${escapeInClass(char)}-${escapeInClass(last)}`);
      else if (last === char) sources.push(escapeInClass(char));
      single = last === char ? char : undefined;
      i += 3;
    }
  }
  if (i >= length) return undefined;
  const end = i + 1;
  if (sources.length + negatedSources.length === 0) return nothing;
  if (sources.length === 1 && negatedSources.length === 0 && single !== undefined && !negate) {
    return { source: escapeRegExp(single), literal: single, end, magic: false, unicode: false };
  }
  const parts = [];
  if (sources.length > 0) parts.push(`[${negate ? '^' : ''}${sources.join('')}]`);
  if (negatedSources.length > 0) parts.push(`[${negate ? '' : '^'}${negatedSources.join('')}]`);
  return { source: parts.length === 1 ? parts[0] : `(?:${parts.join('|')})`, end, magic: true, unicode };
}

/**
 * @param {string} text
 * @returns {string} a regular expression that matches `text`
 */
function escapeRegExp(text) {
  return text.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, '\\$&');
}

module.exports = { escapeRegExp, readClass };
