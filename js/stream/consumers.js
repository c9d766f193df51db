// Node's `stream/consumers`: everything a stream delivers, in one piece.
'use strict';

const { Buffer } = require('buffer');
const { isAnyArrayBuffer } = require('internal/util/types');

// The bytes of a chunk as `new Blob([chunk])` would have them.
async function toBytes(chunk) {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (isAnyArrayBuffer(chunk)) return new Uint8Array(chunk);
  if (isBlob(chunk)) return new Uint8Array(await chunk.arrayBuffer());
  return Buffer.from(`${chunk}`);
}

function isBlob(value) {
  return typeof value === 'object' && value !== null && value instanceof require('buffer').Blob;
}

/**
 * @param {AsyncIterable} stream
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function bytes(stream) {
  const chunks = [];
  let length = 0;
  for await (const chunk of stream) {
    const part = chunk instanceof Uint8Array ? chunk : await toBytes(chunk);
    chunks.push(part);
    length += part.length;
  }
  const result = new Uint8Array(length);
  let offset = 0;
  for (const part of chunks) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

/**
 * @param {AsyncIterable} stream
 * @returns {Promise<Blob>}
 */
async function blob(stream) {
  const { Blob } = require('buffer');
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Blob(chunks);
}

/**
 * @param {AsyncIterable} stream
 * @returns {Promise<ArrayBuffer>}
 */
async function arrayBuffer(stream) {
  return (await bytes(stream)).buffer;
}

/**
 * @param {AsyncIterable} stream
 * @returns {Promise<Buffer>}
 */
async function buffer(stream) {
  return Buffer.from(await arrayBuffer(stream));
}

/**
 * @param {AsyncIterable<string | BufferSource>} stream
 * @returns {Promise<string>} The bytes as UTF-8.
 */
async function text(stream) {
  const decoder = new TextDecoder();
  let result = '';
  for await (const chunk of stream) {
    if (typeof chunk === 'string') result += chunk;
    else result += decoder.decode(chunk, { stream: true });
  }
  return result + decoder.decode();
}

/**
 * @param {AsyncIterable} stream
 * @returns {Promise<unknown>}
 */
async function json(stream) {
  return JSON.parse(await text(stream));
}

module.exports = { arrayBuffer, blob, buffer, bytes, text, json };
