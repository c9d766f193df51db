// Measures of text that editing a line needs: code points next to the cursor, words, common beginnings.
'use strict';

/** What ends a line of input. */
const lineEnding = /\r\n|[\n\r\u2028\u2029]/g;

/** A word before the cursor, and the blanks behind it, in the reversed text. */
const wordBefore = /^\s*(?:[^\w\s]+|\w+)?/;
/** A word behind the cursor, or blanks, for moving. */
const wordAfter = /^(?:\s+|[^\w\s]+|\w+)\s*/;
/** A word behind the cursor, or what is none, for deleting. */
const deletableAfter = /^(?:\s+|\W+|\w+)\s*/;

/** @returns {number} UTF-16 units of the code point that ends before `index`; 0 at the beginning */
function charLengthLeft(text, index) {
  if (index <= 0) return 0;
  return index > 1 && text.codePointAt(index - 2) >= 0x10000 ? 2 : 1;
}

/** @returns {number} UTF-16 units of the code point at `index`; 1 behind the end: callers clamp */
function charLengthAt(text, index) {
  if (text.length <= index) return 1;
  return text.codePointAt(index) >= 0x10000 ? 2 : 1;
}

/** @returns {number} UTF-16 units from the beginning of the word before `index` up to `index` */
function wordLengthBefore(text, index) {
  // The text can be long and words are short: look at its end first.
  let start = Math.max(0, index - 256);
  for (;;) {
    const reversed = [...text.slice(start, index)].reverse().join('');
    const { length } = wordBefore.exec(reversed)[0];
    if (length < index - start || start === 0) return length;
    start = Math.max(0, start - (index - start));
  }
}

/** @returns {string} the longest text that all of `texts` begin with */
function commonPrefix(texts) {
  if (texts.length === 0) return '';
  let min = texts[0];
  let max = texts[0];
  for (const text of texts) {
    if (text < min) min = text;
    if (text > max) max = text;
  }
  let length = 0;
  while (length < min.length && min[length] === max[length]) length++;
  return min.slice(0, length);
}

module.exports = {
  charLengthAt,
  charLengthLeft,
  commonPrefix,
  deletableAfter,
  lineEnding,
  wordAfter,
  wordLengthBefore,
};
