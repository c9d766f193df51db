// Methods of built-in prototypes as they were at start-up, with the receiver as first argument: for what has
// to survive a program that tampers with the prototypes.
'use strict';

const uncurry = (method) => Function.prototype.call.bind(method);

const { prototype: string } = String;
const { prototype: array } = Array;
const { prototype: map } = Map;
const { prototype: set } = Set;
const { prototype: weakMap } = WeakMap;

module.exports = {
  arrayIncludes: uncurry(array.includes),
  arrayIndexOf: uncurry(array.indexOf),
  arrayJoin: uncurry(array.join),
  arrayPush: uncurry(array.push),
  arraySplice: uncurry(array.splice),
  charCodeAt: uncurry(string.charCodeAt),
  endsWith: uncurry(string.endsWith),
  includes: uncurry(string.includes),
  indexOf: uncurry(string.indexOf),
  lastIndexOf: uncurry(string.lastIndexOf),
  mapDelete: uncurry(map.delete),
  mapGet: uncurry(map.get),
  mapSet: uncurry(map.set),
  regExpExec: uncurry(RegExp.prototype.exec),
  replaceAll: uncurry(string.replaceAll),
  setAdd: uncurry(set.add),
  setHas: uncurry(set.has),
  slice: uncurry(string.slice),
  split: uncurry(string.split),
  startsWith: uncurry(string.startsWith),
  weakMapGet: uncurry(weakMap.get),
  weakMapHas: uncurry(weakMap.has),
  weakMapSet: uncurry(weakMap.set),
};
