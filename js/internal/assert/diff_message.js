// The messages of failed equality assertions: the two values, or the difference between them.

'use strict';

const { inspect } = require('internal/util/inspect');
const colors = require('internal/util/colors');
const { myersDiff, operations } = require('internal/assert/myers_diff');

const headlines = {
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  partialDeepStrictEqual: 'Expected values to be partially and strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
  sameStructure: 'Values have same structure but are not reference-equal:',
};

/** Two values of up to this many characters together are shown as `a !== b`. */
const kMaxShortLength = 12;
/** Lines of a value shown unless the diff is to be full. */
const kMaxLines = 50;
/** Characters of a value shown, where two are and where one is, unless the diff is to be full. */
const kMaxLengthOfTwo = 512;
const kMaxLengthOfOne = 1024;
/** Lines shown after a difference, and more lines than this are shortened. */
const kContextAfter = 5;
const kMaxContext = 7;

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

function inspectValue(value) {
  return inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    showHidden: false,
    showProxy: false,
    sorted: true,
    getters: true,
  });
}

/**
 * Compares two values line by line.
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} operator The assertion's name.
 * @param {string} [message] Stands in the place of the usual first line.
 * @param {'simple'|'full'} diff Whether long values are shortened.
 * @returns {string}
 */
function diffMessage(actual, expected, operator, message, diff) {
  colors.refresh();
  const areObjects = isObject(actual) && isObject(expected);
  const areFunctions = typeof actual === 'function' && typeof expected === 'function';
  if (operator === 'strictEqual' && (areObjects || areFunctions)) operator = 'strictEqualObject';
  const headline = message ?? headlines[operator];
  const actualText = inspectValue(actual);
  const expectedText = inspectValue(expected);
  const actualLines = actualText.split('\n');
  const expectedLines = expectedText.split('\n');

  if (actualLines.length === 1 && expectedLines.length === 1 && !areObjects) {
    return singleLineMessage(actual, actualText, expected, expectedText, headline);
  }
  if (actualText === expectedText) return sameStructureMessage(actualLines, message, diff);

  // With colours, what only `actual` has is shown as no fault of it.
  const isFaint = operator === 'partialDeepStrictEqual' && colors.hasColors;
  const { text, isShortened } = printDiff(myersDiff(actualLines, expectedLines, isObject(actual)), isFaint);
  const skipped = isShortened ? '\n... Skipped lines' : '';
  const { green, gray, red, white } = colors;
  const legend = `${isFaint ? `${gray}actual` : `${green}+ actual`}${white} ${red}- expected${white}`;
  return `${headline}\n${legend}${skipped}\n\n${text}\n`;
}

function sameStructureMessage(lines, message, diff) {
  let skipped = '';
  let end = '';
  if (lines.length > kMaxLines && diff !== 'full') {
    lines.length = kMaxLines;
    skipped = '... Skipped lines\n';
    end = '\n...}';
  }
  return `${message ?? headlines.sameStructure}\n\n${skipped}${lines.join('\n')}${end}\n`;
}

function singleLineMessage(actual, actualText, expected, expectedText, headline) {
  const quotes = (typeof actual === 'string' ? 2 : 0) + (typeof expected === 'string' ? 2 : 0);
  const length = actualText.length + expectedText.length - quotes;
  if (length <= kMaxShortLength && !(actual === 0 && expected === 0)) {
    return `${headline}\n\n${actualText} !== ${expectedText}\n`;
  }
  const { green, red, white } = colors;
  if (quotes === 4 && colors.hasColors) {
    const text = printCharacters(myersDiff(actualText, expectedText));
    return `${headline}\n${green}actual${white} ${red}expected${white}\n\n${text}\n`;
  }
  const lines = `${green}+${white} ${actualText}\n${red}- ${white}${expectedText}`;
  const mark = length < maxMarkedLength() ? firstDifference(actualText, expectedText) : '';
  return `${headline}\n${green}+ actual${white} ${red}- expected${white}\n\n${lines}${mark}\n`;
}

/** Values that are together longer get no mark. */
function maxMarkedLength() {
  return process.stderr.isTTY ? process.stderr.columns : 80;
}

/** A line with a mark below the first character that differs, unless that is easy to see. */
function firstDifference(actual, expected) {
  if (actual === expected) return '';
  let i = 0;
  while (i < actual.length && actual[i] === expected[i]) i++;
  return i > 2 ? `\n${' '.repeat(i + 2)}^` : '';
}

function printCharacters(script) {
  let text = '';
  for (const [operation, character] of script) text += `${colorOf(operation)}${character}${colors.white}`;
  return text;
}

function colorOf(operation) {
  if (operation === operations.INSERT) return colors.green;
  return operation === operations.DELETE ? colors.red : colors.white;
}

/** Prints an edit script of lines, leaving out most of a long run of equal ones. */
function printDiff(script, isFaint) {
  const lines = [];
  let isShortened = false;
  let run = 0;
  for (let i = 0; i < script.length; i++) {
    const [operation, line] = script[i];
    if (operation === operations.NOP) {
      if (++run <= kContextAfter) lines.push(contextLine(line));
      continue;
    }
    if (run > kMaxContext) {
      isShortened = true;
      lines.push(`${colors.blue}...${colors.white}`, contextLine(script[i - 1][1]));
    } else {
      for (let j = i - (run - kContextAfter); j < i; j++) lines.push(contextLine(script[j][1]));
    }
    run = 0;
    if (operation === operations.DELETE) lines.push(`${colors.red}-${colors.white} ${line}`);
    else if (isFaint) lines.push(`${colors.gray}  ${line}${colors.white}`);
    else lines.push(`${colors.green}+${colors.white} ${line}`);
  }
  return { text: lines.join('\n'), isShortened };
}

function contextLine(line) {
  return `${colors.white}  ${line}`;
}

/**
 * Shows the value that ought to have been different.
 * @param {unknown} actual
 * @param {'notStrictEqual'|'notDeepStrictEqual'} operator
 * @param {'simple'|'full'} diff Whether long values are shortened.
 * @returns {string}
 */
function unequalMessage(actual, operator, diff) {
  colors.refresh();
  const isReference = operator === 'notStrictEqual' && (isObject(actual) || typeof actual === 'function');
  const headline = headlines[isReference ? 'notStrictEqualObject' : operator];
  const lines = inspectValue(actual).split('\n');
  if (lines.length > kMaxLines && diff !== 'full') {
    lines.length = kMaxLines - 4;
    lines.push(`${colors.blue}...${colors.white}`);
  }
  if (lines.length === 1) return `${headline}${lines[0].length > kContextAfter ? '\n\n' : ' '}${lines[0]}`;
  return `${headline}\n\n${lines.join('\n')}\n`;
}

/**
 * Shows both values, with the operator between them.
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} operator
 * @param {'simple'|'full'} diff Whether long values are shortened.
 * @returns {string}
 */
function bothValuesMessage(actual, expected, operator, diff) {
  const actualText = inspectValue(actual);
  const expectedText = inspectValue(expected);
  const shorten = diff === 'full' ? (text) => text : shortenTo;
  if (operator === 'notDeepEqual' && actualText === expectedText) {
    return shorten(`${headlines.notDeepEqual}\n\n${actualText}`, kMaxLengthOfOne);
  }
  const first = shorten(actualText, kMaxLengthOfTwo);
  const second = shorten(expectedText, kMaxLengthOfTwo);
  if (operator === 'deepEqual') {
    return `${headlines.deepEqual}\n\n${first}\n\nshould loosely deep-equal\n\n${second}`;
  }
  if (operator === 'notDeepEqual') {
    return `${headlines.notDeepEqualUnequal}\n\n${first}\n\nshould not loosely deep-equal\n\n${second}`;
  }
  return `${first} ${operator} ${second}`;
}

function shortenTo(text, maxLength) {
  return text.length > maxLength ? `${text.slice(0, maxLength - 3)}...` : text;
}

module.exports = { diffMessage, unequalMessage, bothValuesMessage };
