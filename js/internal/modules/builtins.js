// Which requests mean a built-in module.
'use strict';

const { publicBuiltins } = require('internal/bootstrap/realm');
const { setHas, slice, startsWith } = require('internal/captured');

/** Modules that are only there with `node:` in front: without it, these names belong to packages. */
const needsScheme = new Set(['ffi', 'sea', 'sqlite', 'test', 'test/reporters']);

let publicIds;

/** The modules that the program's options leave it. */
function availableBuiltins() {
  const { getOptionValue } = require('internal/options');
  const ids = publicBuiltins();
  return getOptionValue('--experimental-sqlite') === false ? ids.filter((id) => id !== 'sqlite') : ids;
}

function isPublic(id) {
  publicIds ??= new Set(availableBuiltins());
  return setHas(publicIds, id);
}

/**
 * @param {string} request
 * @returns {string | undefined} the module's name without `node:`
 */
function builtinId(request) {
  if (startsWith(request, 'node:')) {
    const id = slice(request, 5);
    return isPublic(id) ? id : undefined;
  }
  return isPublic(request) && !setHas(needsScheme, request) ? request : undefined;
}

/** @returns {string[]} as `module.builtinModules` lists them */
function builtinModules() {
  const ids = availableBuiltins().slice().sort();
  return [
    ...ids.filter((id) => !needsScheme.has(id)),
    ...ids.filter((id) => needsScheme.has(id)).map((id) => `node:${id}`),
  ];
}

module.exports = { builtinId, builtinModules };
