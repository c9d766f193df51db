// Node's `stream/web`: the streams of the web.
'use strict';

const { ReadableStream, ReadableStreamTee } = require('internal/webstreams/readable_stream');
const { ReadableStreamBYOBReader, ReadableStreamDefaultReader } = require('internal/webstreams/readers');
const {
  ReadableByteStreamController, ReadableStreamBYOBRequest,
} = require('internal/webstreams/byte_stream_controller');
const { ReadableStreamDefaultController } = require('internal/webstreams/default_controller');
const { TransformStream, TransformStreamDefaultController } = require('internal/webstreams/transform_stream');
const { WritableStream, WritableStreamDefaultWriter } = require('internal/webstreams/writable_stream');
const { WritableStreamDefaultController } = require('internal/webstreams/writable_controller');
const {
  ByteLengthQueuingStrategy, CountQueuingStrategy,
} = require('internal/webstreams/queuing_strategies');
const { TextDecoderStream, TextEncoderStream } = require('internal/webstreams/encoding');
const { CompressionStream, DecompressionStream } = require('internal/webstreams/compression');

module.exports = {
  ReadableStream,
  ReadableStreamTee,
  ReadableStreamDefaultReader,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableByteStreamController,
  ReadableStreamDefaultController,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultWriter,
  WritableStreamDefaultController,
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
  TextEncoderStream,
  TextDecoderStream,
  CompressionStream,
  DecompressionStream,
};
