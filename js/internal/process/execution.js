// Programs that are no file: `-e`, `-p` and standard input, and the check of `-c`.
'use strict';

const pause = require('internal/inspector/pause');
const binding = internalBinding('modules');

/**
 * @param {string} name  `[eval]` or `[stdin]`
 * @param {string} source
 * @param {boolean} print  whether to print its value
 */
function run(name, source, print) {
  const { getOptionValue } = require('internal/options');
  const inputType = getOptionValue('--input-type');
  const type = inputType?.replace('-typescript', '');
  if (type !== inputType || (type === undefined && process.features.typescript && !isCorrect(name, source))) {
    source = stripTypes(source, name, type !== inputType);
  }
  if (type === 'module' || (type === undefined && isModule(name, source))) {
    runAsModule(source, print, type === 'module');
  } else if (getOptionValue('--import')?.length > 0) {
    require('internal/modules/esm/main').runAfterPreloads(() => runAsScript(name, source, print));
  } else {
    runAsScript(name, source, print);
  }
}

/** Runs what neither V8 nor the TypeScript parser takes: the error tells what both say. */
function runMistaken(name, source) {
  try {
    return binding.runInThisContext(source, name);
  } catch (error) {
    error.stack = error.stack.replace('\n\n', () => `\n${typescriptMistake}\n\n`);
    throw error;
  }
}

/** Whether V8 takes the text for a script or for a module. */
function isCorrect(name, source) {
  try {
    binding.runInThisContext(source, name, true);
    return true;
  } catch (error) {
    return binding.needsModuleSyntax(source, name, error.message) && isCorrectModule(name, source);
  }
}

function isCorrectModule(name, source) {
  try {
    internalBinding('module_wrap').compile(source, name);
    return true;
  } catch {
    return false;
  }
}

/** The text without types; the same where it is no TypeScript either. */
function stripTypes(source, name, isStrict) {
  const { strip } = require('internal/modules/typescript');
  try {
    return strip(source, name);
  } catch (error) {
    if (isStrict) throw error;
    typescriptMistake = error.message;
    return source;
  }
}

/** What is wrong with a text as TypeScript, which is told beside what is wrong with it as JavaScript. */
let typescriptMistake;

/** Whether the text cannot be a script, but can be a module. */
function isModule(name, source) {
  // Neither is without one of these words.
  if (!/\b(?:import|export|await)\b/.test(source)) return false;
  const { getOptionValue } = require('internal/options');
  if (getOptionValue('--experimental-detect-module') === false) return false;
  try {
    binding.runInThisContext(source, name, true);
    return false;
  } catch (error) {
    return binding.needsModuleSyntax(source, name, error.message);
  }
}

function runAsModule(source, print, isMain) {
  if (print) {
    const { codes: { ERR_EVAL_ESM_CANNOT_PRINT } } = require('internal/errors');
    throw new ERR_EVAL_ESM_CANNOT_PRINT();
  }
  const { pathToFileURL } = require('url');
  const url = pathToFileURL(require('path').join(folder(), '[eval1]')).href.replace('%5Beval1%5D', '[eval1]');
  require('internal/modules/esm/main').runText(source, url, isMain);
}

function runAsScript(name, source, print) {
  const cjs = require('internal/modules/cjs');
  const module = cjs.makeContextifyModule(folder(), name);
  globalThis.module = module;
  globalThis.exports = module.exports;
  globalThis.__filename = name;
  globalThis.__dirname = '.';
  globalThis.require = cjs.makeRequireFunction(module);
  if (name === '[eval]') {
    require('internal/modules/builtin_globals').defineModules(globalThis);
    source = withCryptoModule(source, print);
  }
  if (pause.isDue) pause.now();
  const result = typescriptMistake === undefined ? binding.runInThisContext(source, name) : runMistaken(name, source);
  if (print) process.on('exit', () => require('console').log(result));
}

/**
 * `crypto` is the module in such a program, not Web Crypto, which has the global of that name: a binding around the
 * program hides that. A program that is to be printed has to stay one whose last value counts.
 */
function withCryptoModule(source, print) {
  if (!/\bcrypto\b/.test(source)) return source;
  // The end of the program may be a comment.
  const end = source.lastIndexOf('//') > source.lastIndexOf('\n') ? '\n' : '';
  if (print) return `let crypto=require("node:crypto");{${source}${end}}`;
  return `(crypto=>{{${source}${end}}})(require('node:crypto'))`;
}

/** Runs a text in the REPL's context, with the REPL's `require`. */
function runBeside(source, print) {
  const result = binding.runInThisContext(source, '[eval]');
  if (print) require('console').log(result);
}

/** The folder that such a program is taken to lie in. */
function folder() {
  try {
    return process.cwd();
  } catch {
    return require('path').dirname(process.execPath);
  }
}

/** Runs the program on standard input. */
function runStdin(print) {
  run('[stdin]', readStdin(), print);
}

function readStdin() {
  const fs = require('fs');
  return fs.readFileSync(0, 'utf8');
}

/** Checks the syntax of a file, or of standard input for `-`. */
function check(file) {
  if (file === '-' || file === '') {
    checkSource(readStdin(), '[stdin]');
    return;
  }
  const { getOptionValue } = require('internal/options');
  const path = require('path');
  const { Module } = require('internal/modules/cjs');
  const filename = Module._resolveFilename(path.resolve(file), null, true);
  const { runAfterPreloads } = require('internal/modules/esm/main');
  const source = binding.readTextFile(filename);
  if (getOptionValue('--import')?.length > 0) runAfterPreloads(() => checkSource(source, filename));
  else checkSource(source, filename);
}

function checkSource(source, filename) {
  const { checkSyntax, formatOf, stripShebangOrBOM } = require('internal/modules/cjs');
  const { getOptionValue } = require('internal/options');
  const isText = filename === '[stdin]';
  const format = isText ? getOptionValue('--input-type') : formatOf(filename);
  const text = stripShebangOrBOM(source);
  if (format === 'module') {
    internalBinding('module_wrap').compile(text, filename);
    return;
  }
  try {
    checkSyntax(filename, text);
  } catch (error) {
    if (format === 'commonjs' || !binding.needsModuleSyntax(text, filename, error.message)) throw error;
  }
}

/** Runs the text of an ECMAScript module. */
function runModule(source) {
  runAsModule(source, false, true);
}

module.exports = { check, run, runBeside, runModule, runStdin };
