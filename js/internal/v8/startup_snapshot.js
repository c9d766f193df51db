// `v8.startupSnapshot`: what a program may say that is kept in a snapshot, and what happens to it then.
'use strict';

const {
  codes: {
    ERR_DUPLICATE_STARTUP_SNAPSHOT_MAIN_FUNCTION, ERR_NOT_BUILDING_SNAPSHOT, ERR_NOT_SUPPORTED_IN_SNAPSHOT,
  },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');
const revival = require('internal/revival');

/** Whether this process builds a snapshot; a number, as in Node. */
let building = 0;
const beforeKept = [];
const afterRevived = [];
let main;

/** @returns {0 | 1} whether the program is about to be kept */
function isBuildingSnapshot() {
  return building;
}

function mustBeBuilding() {
  if (building === 0) throw new ERR_NOT_BUILDING_SNAPSHOT();
}

/**
 * @param {string} action  what cannot be done by a program that is to be kept
 * @throws {Error} ERR_NOT_SUPPORTED_IN_SNAPSHOT
 */
function mustNotBeBuilding(action) {
  if (building !== 0) throw new ERR_NOT_SUPPORTED_IN_SNAPSHOT(action);
}

/**
 * @param {(data: unknown) => void} callback  runs before the program is kept
 * @param {unknown} [data]
 */
function addSerializeCallback(callback, data) {
  mustBeBuilding();
  validateFunction(callback, 'callback');
  beforeKept.push([callback, data]);
}

/**
 * @param {(data: unknown) => void} callback  runs where the program begins once more
 * @param {unknown} [data]
 */
function addDeserializeCallback(callback, data) {
  mustBeBuilding();
  validateFunction(callback, 'callback');
  afterRevived.push([callback, data]);
}

/**
 * @param {(data: unknown) => void} callback  is the program from then on
 * @param {unknown} [data]
 */
function setDeserializeMainFunction(callback, data) {
  mustBeBuilding();
  validateFunction(callback, 'callback');
  if (main !== undefined) throw new ERR_DUPLICATE_STARTUP_SNAPSHOT_MAIN_FUNCTION();
  main = () => callback(data);
}

/** Begins to build. */
function build() {
  building = 1;
}

/** The last that happens before the program is kept. */
function keep() {
  for (const [callback, data] of beforeKept) callback(data);
  building = 0;
  revival.keep();
}

/** Runs what waits for the program's new beginning. */
function runAfterRevived() {
  for (const [callback, data] of afterRevived) callback(data);
}

/** @returns {(() => void) | undefined} what the program is now, where it has said so */
function revivedMain() {
  return main;
}

module.exports = {
  build,
  keep,
  mustNotBeBuilding,
  revivedMain,
  runAfterRevived,
  startupSnapshot: {
    addDeserializeCallback, addSerializeCallback, setDeserializeMainFunction, isBuildingSnapshot,
  },
};
