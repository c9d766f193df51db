// Programs that are no file: `-e`, `-p` and standard input, and the check of `-c`.
'use strict';

const binding = internalBinding('modules');

/**
 * @param {string} name  `[eval]` or `[stdin]`
 * @param {string} source
 * @param {boolean} print  whether to print its value
 */
function run(name, source, print) {
  const cjs = require('internal/modules/cjs');
  const module = cjs.makeContextifyModule(folder(), name);
  globalThis.module = module;
  globalThis.exports = module.exports;
  globalThis.__filename = name;
  globalThis.__dirname = '.';
  globalThis.require = cjs.makeRequireFunction(module);
  defineModules();
  const result = binding.runInThisContext(source, name);
  if (print) process.on('exit', () => require('console').log(result));
}

/** The folder that such a program is taken to lie in. */
function folder() {
  try {
    return process.cwd();
  } catch {
    return require('path').dirname(process.execPath);
  }
}

/** Built-in modules are globals of such programs. */
function defineModules() {
  const { publicBuiltins, requireBuiltin } = require('internal/bootstrap/loader');
  for (const id of publicBuiltins()) {
    if (id.startsWith('_') || id.includes('/') || id in globalThis) continue;
    const set = (value) => {
      Object.defineProperty(globalThis, id, { value, writable: true, enumerable: true, configurable: true });
    };
    Object.defineProperty(globalThis, id, {
      get() {
        const exports = requireBuiltin(id);
        set(exports);
        return exports;
      },
      set,
      configurable: true,
      enumerable: false,
    });
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
  const path = require('path');
  const { Module } = require('internal/modules/cjs');
  const filename = Module._resolveFilename(path.resolve(file), null, true);
  checkSource(binding.readTextFile(filename), filename);
}

function checkSource(source, filename) {
  const { stripShebangOrBOM } = require('internal/modules/cjs');
  binding.compileFunction(stripShebangOrBOM(source), filename);
}

module.exports = { check, run, runStdin };
