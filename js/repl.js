// Node's `repl`: reads, evaluates, prints, again and again.
'use strict';

const { deprecate } = require('internal/util');
const { Recoverable, isValidSyntax } = require('internal/repl/evaluate');
const {
  REPLServer, REPL_MODE_SLOPPY, REPL_MODE_STRICT, start, writer,
} = require('internal/repl/server');

module.exports = {
  start,
  writer,
  REPLServer,
  REPL_MODE_SLOPPY,
  REPL_MODE_STRICT,
  Recoverable,
  isValidSyntax,
};

let builtinModules;

function getModules() {
  builtinModules ??= require('internal/modules/builtins').builtinModules().filter((id) => !id.startsWith('_'));
  return builtinModules;
}

function setModules(value) {
  builtinModules = value;
}

for (const [name, code] of [['builtinModules', 'DEP0191'], ['_builtinLibs', 'DEP0142']]) {
  const message = `repl.${name} is deprecated. Check module.builtinModules instead`;
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    get: deprecate(getModules, message, code),
    set: deprecate(setModules, message, code),
    enumerable: false,
    configurable: true,
  });
}
