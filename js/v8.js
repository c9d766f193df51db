// Node's `v8`: what the engine tells about itself, and its serialized values.
'use strict';

const { validateString } = require('internal/validators');
const serdes = require('internal/v8/serdes');
const heap = require('internal/v8/heap');
const binding = internalBinding('v8');

/** @returns {number} changes with the version and the flags of the engine */
function cachedDataVersionTag() {
  return binding.cachedDataVersionTag();
}

/** @param {string} flags of the engine, such as `--stack-size=2000` */
function setFlagsFromString(flags) {
  validateString(flags, 'flags');
  binding.setFlags(flags);
}

/**
 * @param {string} content
 * @returns {boolean} whether the engine keeps it in Latin-1
 */
function isStringOneByteRepresentation(content) {
  validateString(content, 'content');
  return binding.isOneByte(content);
}

module.exports = {
  cachedDataVersionTag,
  getHeapStatistics: heap.getHeapStatistics,
  getHeapSpaceStatistics: heap.getHeapSpaceStatistics,
  getHeapCodeStatistics: heap.getHeapCodeStatistics,
  setFlagsFromString,
  Serializer: serdes.Serializer,
  Deserializer: serdes.Deserializer,
  DefaultSerializer: serdes.DefaultSerializer,
  DefaultDeserializer: serdes.DefaultDeserializer,
  deserialize: serdes.deserialize,
  serialize: serdes.serialize,
  isStringOneByteRepresentation,
};
