// What a Blob consists of: pieces of memory and parts of files, in order.
'use strict';

const { lazyDOMException } = require('internal/util');

/** How much of a file is read at once. */
const FILE_CHUNK = 64 * 1024;

/** Bytes that nobody changes. */
class MemorySegment {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.length = bytes.length;
  }

  slice(start, end) {
    return new MemorySegment(this.bytes.subarray(start, end));
  }
}

/** A part of a file, which can be read for as long as the file does not change. */
class FileSegment {
  /**
   * @param {string | Buffer} path
   * @param {{ size: bigint, mtimeNs: bigint }} version what the file was when the Blob was made
   * @param {number} start
   * @param {number} length
   */
  constructor(path, version, start, length) {
    this.path = path;
    this.version = version;
    this.start = start;
    this.length = length;
  }

  slice(start, end) {
    return new FileSegment(this.path, this.version, this.start + start, end - start);
  }

  /**
   * Reads the part in chunks.
   * @throws {DOMException} NotReadableError when the file has changed or cannot be read
   */
  async *chunks() {
    const fs = require('fs');
    const { promisify } = require('internal/util');
    let fd;
    try {
      fd = await promisify(fs.open)(this.path, 'r');
      let position = this.start;
      const end = this.start + this.length;
      do {
        await this.#checkVersion(fs, fd);
        const size = Math.min(FILE_CHUNK, end - position);
        if (size === 0) return;
        const chunk = new Uint8Array(size);
        if (await readFully(fs, fd, chunk, position) !== size) throw notReadable();
        position += size;
        yield chunk;
      } while (position < end);
    } catch {
      throw notReadable();
    } finally {
      if (fd !== undefined) fs.close(fd, () => {});
    }
  }

  async #checkVersion(fs, fd) {
    const now = await new Promise((resolve, reject) => {
      fs.fstat(fd, { bigint: true }, (error, stats) => (error ? reject(error) : resolve(stats)));
    });
    if (now.size !== this.version.size || now.mtimeNs !== this.version.mtimeNs) throw notReadable();
  }
}

function notReadable() {
  return lazyDOMException('The blob could not be read', 'NotReadableError');
}

async function readFully(fs, fd, chunk, position) {
  let filled = 0;
  while (filled < chunk.length) {
    const count = await new Promise((resolve, reject) => {
      fs.read(fd, chunk, filled, chunk.length - filled, position + filled, (error, bytesRead) => {
        if (error) reject(error);
        else resolve(bytesRead);
      });
    });
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/**
 * @param {(MemorySegment | FileSegment)[]} segments
 * @param {number} start
 * @param {number} end
 * @returns {(MemorySegment | FileSegment)[]} those between the positions, cut at both
 */
function sliceSegments(segments, start, end) {
  const parts = [];
  let position = 0;
  for (const segment of segments) {
    const from = Math.max(start - position, 0);
    const to = Math.min(end - position, segment.length);
    if (from < to) parts.push(from === 0 && to === segment.length ? segment : segment.slice(from, to));
    position += segment.length;
  }
  return parts;
}

/**
 * @param {(MemorySegment | FileSegment)[]} segments
 * @param {number} length of all of them
 * @returns {Uint8Array | Promise<Uint8Array>} a copy; a promise only where files must be read
 */
function readSegments(segments, length) {
  const bytes = new Uint8Array(length);
  if (segments.some((segment) => segment instanceof FileSegment)) return readFiles(segments, bytes);
  let filled = 0;
  for (const segment of segments) {
    bytes.set(segment.bytes, filled);
    filled += segment.length;
  }
  return bytes;
}

async function readFiles(segments, bytes) {
  let filled = 0;
  for await (const chunk of chunksOf(segments)) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes;
}

/** The contents as chunks that belong to who takes them. */
async function* chunksOf(segments) {
  for (const segment of segments) {
    if (segment instanceof FileSegment) yield* segment.chunks();
    else if (segment.length > 0) yield segment.bytes.slice();
  }
}

module.exports = { FileSegment, MemorySegment, chunksOf, readSegments, sliceSegments };
