// The fields of received messages: from the parser's text to the objects that programs see.
'use strict';

/** What a name that comes again does: the first value stays, or they are joined or listed. */
const FIRST = 0;
const COMMA = 1;
const SEMICOLON = 2;
const LIST = 3;

const LOWER_CASE = [
  ['set-cookie', LIST],
  ['cookie', SEMICOLON],
  ...[
    'age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host',
    'if-modified-since', 'if-unmodified-since', 'last-modified', 'location', 'max-forwards',
    'proxy-authorization', 'referer', 'retry-after', 'server', 'user-agent',
  ].map((name) => [name, FIRST]),
];

const rules = new Map(LOWER_CASE);

/** How many spellings of names are remembered, and up to which length. */
const MOST_NAMES = 2048;
const LONGEST_NAME = 40;

/** Names as they were received: in lower case, and their rule. */
const spellings = new Map();

class Spelling {
  constructor(lower) {
    this.lower = lower;
    this.rule = rules.get(lower) ?? COMMA;
  }
}

function spellingOf(name) {
  const known = spellings.get(name);
  if (known !== undefined) return known;
  const spelling = new Spelling(name.toLowerCase());
  if (name.length <= LONGEST_NAME && spellings.size < MOST_NAMES) spellings.set(name, spelling);
  return spelling;
}

/**
 * Adds a field to an object of fields.
 * @param {string} name
 * @param {string} value
 * @param {object} target
 * @param {boolean} join whether fields are joined of which otherwise the first one stays
 */
function addField(name, value, target, join) {
  const { lower, rule } = spellingOf(name);
  const present = target[lower];
  if (rule === LIST) {
    if (present !== undefined) present.push(value);
    else target[lower] = [value];
  } else if (typeof present !== 'string') {
    // Also where the name is that of something that all objects have.
    if (present === undefined || !Object.hasOwn(target, lower)) target[lower] = value;
  } else if (rule === SEMICOLON) {
    target[lower] = `${present}; ${value}`;
  } else if (rule === COMMA || join) {
    target[lower] = `${present}, ${value}`;
  }
}

/** Adds a field to an object that has a list for each name. */
function addFieldDistinct(name, value, target) {
  const { lower } = spellingOf(name);
  const present = target[lower];
  if (present === undefined) target[lower] = [value];
  else present.push(value);
}

/**
 * Names and values in turn, out of a line for each.
 * @param {string} text
 * @returns {string[]}
 */
function splitFields(text) {
  if (text === '') return [];
  const fields = text.split('\n');
  fields.length--;
  return fields;
}

module.exports = { addField, addFieldDistinct, splitFields };
