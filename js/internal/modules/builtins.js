// Which requests mean a built-in module.
'use strict';

const { addModule, publicBuiltins } = require('internal/bootstrap/realm');
const { setHas, slice, startsWith } = require('internal/captured');

/** Modules that are only there with `node:` in front: without it, these names belong to packages. */
const needsScheme = new Set(['ffi', 'sea', 'sqlite', 'test', 'test/reporters']);

let publicIds;

/** Whether the program's options leave it a module. What is known of the modules is older than the options. */
function isLeft(id) {
  return id !== 'sqlite' || require('internal/options').getOptionValue('--experimental-sqlite') !== false;
}

function isPublic(id) {
  publicIds ??= new Set(publicBuiltins());
  return setHas(publicIds, id) && isLeft(id);
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

/**
 * Makes a module known that the program that embeds the runtime has made.
 * @param {string} name as it is imported and required
 * @param {object} exports
 */
function define(name, exports) {
  if (startsWith(name, 'node:') || builtinId(name) !== undefined) throw new Error(`The name ${name} is Node's`);
  publicIds.add(name);
  addModule(name, exports);
}

/** From now on there are no built-in modules for programs. */
function hideBuiltins() {
  publicIds = new Set();
}

/** @returns {string[]} as `module.builtinModules` lists them */
function builtinModules() {
  const ids = publicBuiltins().filter(isLeft).sort();
  return [
    ...ids.filter((id) => !needsScheme.has(id)),
    ...ids.filter((id) => needsScheme.has(id)).map((id) => `node:${id}`),
  ];
}

module.exports = { builtinId, builtinModules, define, hideBuiltins };
