// Texts of modules. A program may put a function of its own in the place of `fs.readFileSync`, to have modules in
// archives or to change them: it is asked then, as in Node. Otherwise they are read without `fs`.
'use strict';

const binding = internalBinding('modules');

/** What `fs` exports, and its own function, once the program has `fs`. */
let fs;
let readFileSync;

/**
 * Called by `fs` with what it exports.
 * @param {object} exports
 */
function adopt(exports) {
  fs = exports;
  ({ readFileSync } = exports);
}

/** Whether the program has a function of its own there. */
function isReplaced() {
  return fs !== undefined && fs.readFileSync !== readFileSync;
}

/**
 * @param {string} filename
 * @returns {string} its text, invalid UTF-8 replaced
 * @throws {Error} as `fs.readFileSync`
 */
function readTextFile(filename) {
  if (isReplaced()) return fs.readFileSync(filename, 'utf8');
  return binding.readTextFile(filename);
}

/**
 * @param {string} url of a file that ECMAScript modules import
 * @param {string} filename the file's name
 * @returns {string} as `readTextFile`
 */
function readImported(url, filename) {
  if (isReplaced()) {
    return `${fs.readFileSync(new (require('web/url').URL)(url), undefined)}`;
  }
  return binding.readTextFile(filename);
}

module.exports = { adopt, readImported, readTextFile };
