// Frames of the WebSocket protocol (RFC 6455, section 5), as a client writes and reads them.
'use strict';

const { randomFillSync } = require('crypto');

const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 };
const FIN = 0x80;
const COMPRESSED = 0x40;
const MASKED = 0x80;
const LONGEST_CONTROL = 125;
const LONGEST_SHORT = 0xffff;
const LONGEST_FRAME = 2 ** 31 - 1;
/** What a message may have, also when it is inflated. */
const LONGEST_MESSAGE = 2 ** 27;

const masks = Buffer.allocUnsafeSlow(8192);
let nextMask = masks.length;

/**
 * A whole message as one frame, masked as clients must.
 * @param {number} opcode
 * @param {Uint8Array} payload
 * @returns {Buffer}
 */
function encodeFrame(opcode, payload) {
  const { byteLength } = payload;
  const extended = byteLength > LONGEST_SHORT ? 8 : byteLength > LONGEST_CONTROL ? 2 : 0;
  const start = 2 + extended + 4;
  const frame = Buffer.allocUnsafe(start + byteLength);
  frame[0] = FIN | opcode;
  if (extended === 0) frame[1] = MASKED | byteLength;
  else frame[1] = MASKED | (extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(byteLength, 2);
  else if (extended === 8) frame.writeBigUInt64BE(BigInt(byteLength), 2);
  if (nextMask === masks.length) {
    randomFillSync(masks);
    nextMask = 0;
  }
  for (let i = 0; i < 4; i++) frame[start - 4 + i] = masks[nextMask++];
  for (let i = 0; i < byteLength; i++) frame[start + i] = payload[i] ^ frame[start - 4 + (i & 3)];
  return frame;
}

/** What is wrong with what a server has sent. */
class ProtocolError extends Error {
  /**
   * @param {string} message
   * @param {number} [code] for the closing frame
   */
  constructor(message, code = 1002) {
    super(message);
    this.code = code;
  }
}

/** Reads frames out of pieces of any size, and joins those of one message. */
class FrameReader {
  #pieces = [];
  #length = 0;
  #message = [];
  #messageLength = 0;
  #messageOpcode = 0;
  #isCompressed = false;
  #allowsCompression;
  #onMessage;
  #onControl;

  /**
   * @param {boolean} allowsCompression whether permessage-deflate was agreed upon
   * @param {(opcode: number, payload: Buffer, isCompressed: boolean) => void} onMessage
   * @param {(opcode: number, payload: Buffer) => void} onControl
   */
  constructor(allowsCompression, onMessage, onControl) {
    this.#allowsCompression = allowsCompression;
    this.#onMessage = onMessage;
    this.#onControl = onControl;
  }

  /**
   * @param {Buffer} piece
   * @throws {ProtocolError}
   */
  read(piece) {
    this.#pieces.push(piece);
    this.#length += piece.length;
    while (this.#readFrame());
  }

  // The first bytes, without taking them.
  #peek(count) {
    if (this.#length < count) return undefined;
    if (this.#pieces[0].length < count) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0];
  }

  #readFrame() {
    const head = this.#peek(2);
    if (head === undefined) return false;
    const opcode = head[0] & 0x0f;
    const length = head[1] & 0x7f;
    this.#check(head, opcode, length);
    const start = length === 126 ? 4 : length === 127 ? 10 : 2;
    const whole = this.#peek(start);
    if (whole === undefined) return false;
    let size = length;
    if (length === 126) size = whole.readUInt16BE(2);
    else if (length === 127) size = Number(whole.readBigUInt64BE(2));
    if (size > LONGEST_FRAME) throw new ProtocolError('Received payload length > 2^31 bytes.', 1009);
    if (this.#messageLength + size > LONGEST_MESSAGE) {
      throw new ProtocolError('Payload size exceeds maximum allowed size', 1009);
    }
    const bytes = this.#peek(start + size);
    if (bytes === undefined) return false;
    const isLast = (head[0] & FIN) !== 0;
    const isCompressed = (head[0] & COMPRESSED) !== 0;
    const payload = bytes.subarray(start, start + size);
    this.#drop(start + size);
    if (opcode >= OPCODE.CLOSE) this.#onControl(opcode, payload);
    else this.#join(opcode, payload, isLast, isCompressed);
    return true;
  }

  #check(head, opcode, length) {
    const isLast = (head[0] & FIN) !== 0;
    const isKnown = opcode <= OPCODE.BINARY || (opcode >= OPCODE.CLOSE && opcode <= OPCODE.PONG);
    if (!isKnown) throw new ProtocolError('Invalid opcode received');
    if ((head[1] & MASKED) !== 0) throw new ProtocolError('Frame cannot be masked');
    if ((head[0] & COMPRESSED) !== 0 && !this.#allowsCompression) {
      throw new ProtocolError('Expected RSV1 to be clear.');
    }
    if ((head[0] & 0x30) !== 0) throw new ProtocolError('RSV1, RSV2, RSV3 must be clear');
    if (opcode >= OPCODE.CLOSE) {
      if (!isLast) throw new ProtocolError('Invalid frame type was fragmented.');
      if (length > LONGEST_CONTROL) throw new ProtocolError('Control frame either too large or fragmented');
      if (opcode === OPCODE.CLOSE && length === 1) throw new ProtocolError('Received close frame with a 1-byte body.');
      return;
    }
    const isContinued = this.#messageOpcode !== 0;
    if (opcode === OPCODE.CONTINUATION && !isContinued) throw new ProtocolError('Unexpected continuation frame');
    if (opcode !== OPCODE.CONTINUATION && isContinued) throw new ProtocolError('Expected continuation frame');
  }

  #drop(count) {
    this.#length -= count;
    const rest = this.#pieces[0].subarray(count);
    if (rest.length > 0) this.#pieces[0] = rest;
    else this.#pieces.shift();
  }

  #join(opcode, payload, isLast, isCompressed) {
    if (opcode !== OPCODE.CONTINUATION) {
      this.#messageOpcode = opcode;
      this.#isCompressed = isCompressed;
    }
    this.#message.push(payload);
    this.#messageLength += payload.length;
    if (!isLast) return;
    const whole = this.#message.length === 1 ? payload : Buffer.concat(this.#message);
    const messageOpcode = this.#messageOpcode;
    this.#message = [];
    this.#messageLength = 0;
    this.#messageOpcode = 0;
    this.#onMessage(messageOpcode, whole, this.#isCompressed);
  }
}

module.exports = { FrameReader, LONGEST_MESSAGE, OPCODE, ProtocolError, encodeFrame };
