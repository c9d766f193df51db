// `Blob` and `File`, Blobs made of files, and the URLs that stand for Blobs.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_STATE,
    ERR_INVALID_THIS,
    ERR_MISSING_ARGS,
  },
} = require('internal/errors');
const { customInspectSymbol, kEnumerableProperty, toUSVString } = require('internal/util');
const { isAnyArrayBuffer } = require('internal/util/types');
const { codedTypeError, toSequence } = require('internal/webidl');
const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const { utf8 } = require('internal/buffer/encodings');
const {
  FileSegment,
  MemorySegment,
  chunksOf,
  readSegments,
  sliceSegments,
} = require('internal/blob/segments');

/** The segments of a Blob, see `internal/blob/segments`. */
const kHandle = Symbol('kHandle');
const kLength = Symbol('kLength');
const kType = Symbol('kType');

/** The name and time of a File. */
const kState = Symbol('state');

const { isView } = ArrayBuffer;
const lineEnding = /\r\n|\r|\n/g;
const outsideOfType = /[^\x20-\x7e]/;

/**
 * @param {unknown} object
 * @returns {boolean}
 */
function isBlob(object) {
  return object?.[kHandle] !== undefined;
}

function checkThis(object) {
  if (!isBlob(object)) throw new ERR_INVALID_THIS('Blob');
}

/** A media type as a Blob has it: in lower case, and none at all where it has other characters. */
function normalizeType(type) {
  return outsideOfType.test(type) ? '' : type.toLowerCase();
}

/** The members of the second argument, in the order in which Web IDL reads them. */
function readOptions(options) {
  if (options === undefined || options === null) return { endings: 'transparent', type: '' };
  if (typeof options !== 'object' && typeof options !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('options', 'a dictionary', options);
  }
  const { endings: givenEndings } = options;
  const endings = givenEndings === undefined ? 'transparent' : `${givenEndings}`;
  if (endings !== 'transparent' && endings !== 'native') {
    throw new ERR_INVALID_ARG_VALUE('options.endings', endings);
  }
  const { type } = options;
  return { endings, type: type === undefined ? '' : normalizeType(`${type}`) };
}

/** Keeps what takes part in a Blob as it is, and makes everything else a string. */
function toPart(value, name) {
  if (typeof value === 'string' || isBlob(value) || isView(value) || isAnyArrayBuffer(value)) return value;
  if (typeof value === 'symbol') {
    throw codedTypeError(`${name} is a Symbol and cannot be converted to a string.`);
  }
  return `${value}`;
}

function segmentsOf(part, endings) {
  if (typeof part === 'string') {
    const text = endings === 'native' ? part.replace(lineEnding, require('os').EOL) : part;
    const bytes = new Uint8Array(utf8.byteLength(text));
    utf8.encode(bytes, text, 0, bytes.length);
    return [new MemorySegment(bytes)];
  }
  if (isBlob(part)) return part[kHandle];
  const bytes = isView(part) ?
    new Uint8Array(part.buffer, part.byteOffset, part.byteLength) :
    new Uint8Array(part);
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return [new MemorySegment(copy)];
}

/** As Web IDL rounds what it clamps. */
function roundHalfToEven(value) {
  const number = Number(value);
  const rounded = Math.round(number);
  return rounded - number === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** A position given to `slice()`, brought into the range from 0 to `size`. */
function toPosition(value, name, size) {
  if (typeof value === 'bigint') {
    throw codedTypeError(`${name} is a BigInt and cannot be converted to a number.`);
  }
  if (typeof value === 'symbol') {
    throw codedTypeError(`${name} is a Symbol and cannot be converted to a number.`);
  }
  const position = roundHalfToEven(value) || 0;
  return position < 0 ? Math.max(size + position, 0) : Math.min(position, size);
}

class Blob {
  /**
   * @param {Iterable<string | ArrayBuffer | SharedArrayBuffer | ArrayBufferView | Blob>} [sources]
   * @param {{ type?: string, endings?: 'transparent' | 'native' }} [options]
   */
  constructor(sources = [], options) {
    const parts = toSequence(sources, 'Value', toPart);
    const { endings, type } = readOptions(options);
    const segments = [];
    for (const part of parts) segments.push(...segmentsOf(part, endings));
    fillBlob(this, segments, type);
  }

  [customInspectSymbol](depth, options) {
    return describe(this, 'Blob', depth, options, { size: this.size, type: this.type });
  }

  [kClone]() {
    return { data: cloneData(this), deserializeInfo: 'internal/blob:ClonedBlob' };
  }

  [kDeserialize]({ parts, type }) {
    fillBlob(this, parts.map((bytes) => new MemorySegment(bytes)), type);
  }

  /** @returns {string} the media type, empty if unknown */
  get type() {
    checkThis(this);
    return this[kType];
  }

  /** @returns {number} in bytes */
  get size() {
    checkThis(this);
    return this[kLength];
  }

  /**
   * @param {number} [start] from the end if negative
   * @param {number} [end] from the end if negative
   * @param {string} [contentType]
   * @returns {Blob} over the same memory and files
   */
  slice(start = 0, end = this.size, contentType = '') {
    checkThis(this);
    const size = this[kLength];
    const from = toPosition(start, 'start', size);
    const to = toPosition(end, 'end', size);
    return createBlob(sliceSegments(this[kHandle], from, to), normalizeType(`${contentType}`));
  }

  /** @returns {Promise<ArrayBuffer>} */
  async arrayBuffer() {
    checkThis(this);
    return (await readSegments(this[kHandle], this[kLength])).buffer;
  }

  /** @returns {Promise<string>} decoded as UTF-8 */
  async text() {
    checkThis(this);
    const bytes = await readSegments(this[kHandle], this[kLength]);
    const text = utf8.decode(bytes, 0, bytes.length);
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  /** @returns {Promise<Uint8Array>} */
  async bytes() {
    checkThis(this);
    return readSegments(this[kHandle], this[kLength]);
  }

  /** @returns {ReadableStream<Uint8Array>} a stream of bytes */
  stream() {
    checkThis(this);
    const { ReadableStream } = require('stream/web');
    const chunks = chunksOf(this[kHandle]);
    return new ReadableStream({
      type: 'bytes',
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (!done) {
          controller.enqueue(value);
          return;
        }
        controller.close();
        controller.byobRequest?.respond(0);
      },
      async cancel() {
        await chunks.return();
      },
    }, { highWaterMark: 0 });
  }

  /** @returns {ReadableStream<string>} a stream of text, decoded as UTF-8 */
  textStream() {
    checkThis(this);
    const { TextDecoderStream } = require('stream/web');
    return this.stream().pipeThrough(new TextDecoderStream());
  }
}

Object.defineProperties(Blob.prototype, {
  [Symbol.toStringTag]: { configurable: true, value: 'Blob' },
  size: kEnumerableProperty,
  type: kEnumerableProperty,
  slice: kEnumerableProperty,
  stream: kEnumerableProperty,
  text: kEnumerableProperty,
  arrayBuffer: kEnumerableProperty,
  bytes: kEnumerableProperty,
  textStream: kEnumerableProperty,
});

class File extends Blob {
  /**
   * @param {Iterable<string | ArrayBuffer | ArrayBufferView | Blob>} fileBits
   * @param {string} fileName
   * @param {{ type?: string, endings?: string, lastModified?: number }} [options] time in milliseconds
   */
  constructor(fileBits, fileName, options = undefined) {
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('fileBits', 'fileName');
    super(fileBits, options);
    const lastModified = options?.lastModified;
    this[kState] = {
      name: toUSVString(`${fileName}`),
      lastModified: lastModified === undefined ? Date.now() : +lastModified || 0,
    };
  }

  /** @returns {string} */
  get name() {
    checkFile(this);
    return this[kState].name;
  }

  /** @returns {number} in milliseconds since 1970 */
  get lastModified() {
    checkFile(this);
    return this[kState].lastModified;
  }

  [customInspectSymbol](depth, options) {
    const { size, type, name, lastModified } = this;
    return describe(this, 'File', depth, options, { size, type, name, lastModified });
  }

  [kClone]() {
    return { data: { ...cloneData(this), ...this[kState] }, deserializeInfo: 'internal/blob:ClonedFile' };
  }

  [kDeserialize](data) {
    super[kDeserialize](data);
    this[kState] = { name: data.name, lastModified: data.lastModified };
  }
}

Object.defineProperties(File.prototype, {
  name: kEnumerableProperty,
  lastModified: kEnumerableProperty,
  [Symbol.toStringTag]: { configurable: true, value: 'File' },
});

function checkFile(object) {
  if (object?.[kState] === undefined || !isBlob(object)) throw new ERR_INVALID_THIS('File');
}

function fillBlob(blob, segments, type) {
  let length = 0;
  for (const segment of segments) length += segment.length;
  blob[kHandle] = segments;
  blob[kLength] = length;
  blob[kType] = type;
  blob[kTransferMode] = kCloneable;
}

function createBlob(segments, type) {
  const blob = new ClonedBlob();
  fillBlob(blob, segments, type);
  return blob;
}

function describe(object, name, depth, options, shown) {
  if (depth < 0) return object;
  const { inspect } = require('internal/util/inspect');
  return `${name} ${inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
}

/** What is cloned in place of a Blob. */
function cloneData(blob) {
  const parts = [];
  for (const segment of blob[kHandle]) {
    if (segment instanceof FileSegment) throw new ERR_INVALID_STATE('File-backed Blobs are not cloneable');
    parts.push(segment.bytes);
  }
  return { parts, type: blob[kType] };
}

/** Makes a Blob without contents, which `[kDeserialize]()` fills. */
function ClonedBlob() {
  return Object.create(Blob.prototype);
}

/** Makes a File without contents, which `[kDeserialize]()` fills. */
function ClonedFile() {
  return Object.create(File.prototype);
}

/**
 * A Blob whose contents stay in a file, and can be read for as long as it does not change.
 * @param {string | Buffer} path
 * @param {{ type?: string }} [options]
 * @returns {Blob}
 * @throws {Error} of `fs.statSync()`
 */
function createBlobFromFilePath(path, { type = '' } = {}) {
  const { size, mtimeNs } = require('fs').statSync(path, { bigint: true });
  return createBlob([new FileSegment(path, { size, mtimeNs }, 0, Number(size))], type);
}

/** Blobs by the identifier in their URL. */
const objectUrls = new Map();
const objectUrl = /^[Bb][Ll][Oo][Bb]:nodedata:([^:?#]+)(?:[?#].*)?$/;

/** An identifier in the form of a random UUID; it is no secret. */
function createId() {
  const digits = (count) => Math.floor(Math.random() * 16 ** count).toString(16).padStart(count, '0');
  const variant = '89ab'[Math.floor(Math.random() * 4)];
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${variant}${digits(3)}-${digits(12)}`;
}

/**
 * @param {Blob} obj
 * @returns {string} a URL that stands for it in this thread, until it is revoked
 */
function createObjectURL(obj) {
  if (!isBlob(obj)) throw new ERR_INVALID_ARG_TYPE('obj', 'Blob', obj);
  const id = createId();
  objectUrls.set(id, { segments: obj[kHandle], type: obj[kType] });
  return `blob:nodedata:${id}`;
}

/** @param {string} url anything but a URL made by `createObjectURL()` is ignored */
function revokeObjectURL(url) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
  const match = objectUrl.exec(`${url}`);
  if (match !== null) objectUrls.delete(match[1]);
}

/**
 * @param {string} url
 * @returns {Blob | undefined} the Blob that the URL stands for
 */
function resolveObjectURL(url) {
  const match = objectUrl.exec(`${url}`);
  const found = match === null ? undefined : objectUrls.get(match[1]);
  return found && createBlob(found.segments, found.type);
}

module.exports = {
  Blob,
  ClonedBlob,
  ClonedFile,
  File,
  createBlobFromFilePath,
  createObjectURL,
  isBlob,
  resolveObjectURL,
  revokeObjectURL,
};
