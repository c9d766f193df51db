// `v8.startupSnapshot`: no program of Ironode's builds a snapshot.
'use strict';

const { ERR_NOT_BUILDING_SNAPSHOT } = require('internal/errors').codes;

function isBuildingSnapshot() {
  return 0;
}

function addDeserializeCallback() {
  throw new ERR_NOT_BUILDING_SNAPSHOT();
}

function addSerializeCallback() {
  throw new ERR_NOT_BUILDING_SNAPSHOT();
}

function setDeserializeMainFunction() {
  throw new ERR_NOT_BUILDING_SNAPSHOT();
}

module.exports = {
  addDeserializeCallback, addSerializeCallback, setDeserializeMainFunction, isBuildingSnapshot,
};
