// Loads the files of this layer, each once, and the native bindings. It is itself started by the
// runtime, with `compileBuiltin` in the place of `require`.
'use strict';

const compileBuiltin = require;
const instantiateBinding = internalBinding;

// Captured, so that a program that tampers with prototypes can still load modules.
const uncurry = (method) => Function.prototype.call.bind(method);
const mapDelete = uncurry(Map.prototype.delete);
const mapGet = uncurry(Map.prototype.get);
const mapSet = uncurry(Map.prototype.set);
const arrayPush = uncurry(Array.prototype.push);

const bindings = new Map();
const modules = new Map();
/** `process.moduleLoadList`. */
const loadList = [];

/**
 * @param {string} name
 * @returns {object} the native half of that name
 */
function getBinding(name) {
  let binding = mapGet(bindings, name);
  if (binding === undefined) {
    binding = instantiateBinding(name);
    if (binding === undefined) {
      const error = new Error(`No such binding: ${name}`);
      error.code = 'ERR_INVALID_MODULE';
      throw error;
    }
    mapSet(bindings, name, binding);
    arrayPush(loadList, `Internal Binding ${name}`);
  }
  return binding;
}

/**
 * @param {string} id  a file of this layer without `.js`
 * @returns {any} what it exports
 */
function requireBuiltin(id) {
  const loaded = mapGet(modules, id);
  if (loaded !== undefined) return loaded.exports;
  const created = { exports: {}, id };
  mapSet(modules, id, created);
  let complete = false;
  try {
    const body = compileBuiltin(id);
    body(created.exports, requireBuiltin, created, process, getBinding);
    complete = true;
    arrayPush(loadList, `NativeModule ${id}`);
  } finally {
    if (!complete) mapDelete(modules, id);
  }
  return created.exports;
}

/** Makes a module of that name out of what it exports. */
function addModule(id, exports) {
  mapSet(modules, id, { exports, id });
}

let ids;
let publicIds;

/** @returns {boolean} whether there is a file of that name in this layer */
function hasBuiltin(id) {
  return allIds().has(id);
}

/** @returns {Set<string>} the names of all files of this layer */
function allIds() {
  return ids ??= new Set(getBinding('builtins').ids());
}

/** @returns {string[]} the modules that programs may require, without `node:` */
function publicBuiltins() {
  return publicIds ??= [...allIds()].filter((id) => !id.startsWith('internal/') && !id.startsWith('web/'));
}

/** @returns {string[]} the names of the files that have been loaded */
function loadedIds() {
  return [...modules.keys()];
}

/**
 * @param {string} id
 * @returns {boolean} whether programs may require it
 */
function isPublic(id) {
  return !id.startsWith('internal/') && !id.startsWith('web/') && allIds().has(id);
}

module.exports = {
  addModule, requireBuiltin, hasBuiltin, internalBinding: getBinding, publicBuiltins, isPublic, loadedIds, loadList,
};
modules.set('internal/bootstrap/realm', module);
loadList.push('NativeModule internal/bootstrap/realm');
