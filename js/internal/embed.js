// What a Rust program that embeds the runtime gives to the JavaScript program, and asks of it.
'use strict';

const binding = internalBinding('embed');

/** Makes the host's modules known. */
function defineModules() {
  binding.modules(require('internal/modules/builtins').define);
}

/** `import()` in a file of the working directory. */
function importModule(specifier) {
  const { importFromScript } = require('internal/modules/esm/loader');
  return importFromScript(specifier, undefined, { __proto__: null });
}

/** The value of a script. */
function evaluate(text) {
  return internalBinding('modules').runInThisContext(text, '[embedder]');
}

/** Called in the place of a program: the host says what is to be done. */
function begin() {
  binding.begin(importModule, evaluate);
}

module.exports = { begin, defineModules };
