// What `setEnvironmentData()` keeps for this thread and for all workers that it will start.
'use strict';

let data = new Map();

/**
 * @param {any} key
 * @returns {any}
 */
function getEnvironmentData(key) {
  return data.get(key);
}

/**
 * @param {any} key
 * @param {any} value  undefined deletes the key
 */
function setEnvironmentData(key, value) {
  if (value === undefined) data.delete(key);
  else data.set(key, value);
}

/** @returns {Map | undefined} what a new worker is given */
function environmentData() {
  return data.size === 0 ? undefined : data;
}

/** Takes over what the parent has given. */
function inherit(given) {
  if (given !== undefined) data = given;
}

module.exports = { environmentData, getEnvironmentData, inherit, setEnvironmentData };
