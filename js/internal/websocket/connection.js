// A client's connection of the WebSocket protocol (RFC 6455): handshake, messages, closing, permessage-deflate.
'use strict';

const { createHash, randomBytes } = require('crypto');
const observers = require('internal/inspector/observers');
const { FrameReader, LONGEST_MESSAGE, OPCODE, ProtocolError, encodeFrame } = require('internal/websocket/frames');

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const NO_STATUS = 1005;
const ABNORMAL = 1006;
/** How long a server has to end the connection after the closing handshake. */
const CLOSING_TIME = 3000;
const LEAST_WINDOW_BITS = 8;
const MOST_WINDOW_BITS = 15;
const SYNC_MARK = Buffer.from([0x00, 0x00, 0xff, 0xff]);

const utf8 = new TextDecoder('utf-8', { fatal: true });

const isValidCode = (code) =>
  (code >= 1000 && code < 1015 && code !== 1004 && code !== NO_STATUS && code !== ABNORMAL) ||
  (code >= 3000 && code <= 4999);

/**
 * What a connection tells.
 * @typedef {object} Listener
 * @property {(protocol: string, extensions: string) => void} onOpen
 * @property {(data: string | Buffer) => void} onMessage
 * @property {() => void} onClosing the server wants to close
 * @property {(message: string | undefined, wasClean: boolean, code: number, reason: string) => void} onClose with
 *   the message of a failure, if there was one
 */

/** The header fields of the handshake; the program's own come first and win over what is only usual. */
function handshakeFields(url, key, protocols, headers) {
  const fields = { __proto__: null, 'connection': 'upgrade', 'upgrade': 'websocket' };
  for (let i = 0; i < headers.length; i += 2) fields[headers[i].toLowerCase()] = headers[i + 1];
  fields['sec-websocket-key'] = key;
  fields['sec-websocket-version'] = '13';
  if (protocols.length > 0) fields['sec-websocket-protocol'] = protocols.join(', ');
  fields['sec-websocket-extensions'] = 'permessage-deflate; client_max_window_bits';
  fields['accept'] ??= '*/*';
  fields['accept-language'] ??= '*';
  fields['sec-fetch-mode'] = 'websocket';
  fields['user-agent'] ??= 'node';
  fields['pragma'] ??= 'no-cache';
  fields['cache-control'] ??= 'no-cache';
  fields['accept-encoding'] ??= url.protocol === 'wss:' ? 'br, gzip, deflate' : 'gzip, deflate';
  return fields;
}

class Connection {
  #listener;
  /** Who follows it for the inspector's sessions. */
  #observer;
  #request;
  #socket;
  #reader;
  #inflate;
  #failure;
  #isClosing = false;
  #hasReceivedClose = false;
  #hasSentClose = false;
  #hasClosed = false;
  #code = ABNORMAL;
  #reason = '';
  /** Messages that wait for the one before them to be inflated. */
  #waiting = Promise.resolve();
  #isInflating = 0;

  /**
   * @param {URL} url
   * @param {string[]} protocols
   * @param {string[]} headers beyond those of the handshake: names and values in turn
   * @param {Listener} listener
   */
  constructor(url, protocols, headers, listener) {
    this.#listener = listener;
    const key = randomBytes(16).toString('base64');
    const fields = handshakeFields(url, key, protocols, headers);
    const target = new URL(url);
    target.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
    const { request } = require(target.protocol === 'https:' ? 'https' : 'http');
    this.#observer = observers.webSocket?.(url);
    observers.isPart = true;
    try {
      this.#request = request(target, { agent: false, headers: fields });
    } finally {
      observers.isPart = false;
    }
    this.#request
      .on('upgrade', (response, socket, head) => this.#open(response, socket, head, key, protocols))
      .on('response', (response) => {
        response.destroy();
        this.#fail('Received network error or non-101 status code.');
      })
      .on('error', () => this.#fail('Received network error or non-101 status code.'));
    this.#request.end();
  }

  #open(response, socket, head, key, protocols) {
    this.#socket = socket;
    this.#observer?.onResponse(response);
    const { headers } = response;
    const accept = createHash('sha1').update(key + GUID).digest('base64');
    const protocol = headers['sec-websocket-protocol'] ?? '';
    const extensions = headers['sec-websocket-extensions'] ?? '';
    const isDeflated = /^\s*permessage-deflate\s*(;|$)/.test(extensions);
    let fault;
    if (headers.upgrade?.toLowerCase() !== 'websocket') fault = 'Server did not set Upgrade header to "websocket".';
    else if (headers.connection?.toLowerCase() !== 'upgrade') fault = 'Server did not set Connection header to "upgrade".';
    else if (headers['sec-websocket-accept'] !== accept) fault = 'Incorrect hash received in Sec-WebSocket-Accept header.';
    else if (extensions !== '' && !isDeflated) fault = 'Sec-WebSocket-Extensions header does not match.';
    else if (protocols.length > 0 ? !protocols.includes(protocol) : protocol !== '') {
      fault = 'Protocol was not set in the opening handshake.';
    }
    if (fault !== undefined) {
      socket.on('error', () => {}).destroy();
      this.#fail(fault);
      return;
    }
    if (isDeflated) this.#inflate = new Inflater(extensions);
    this.#reader = new FrameReader(
      isDeflated,
      (opcode, payload, isCompressed) => this.#receive(opcode, payload, isCompressed),
      (opcode, payload) => this.#control(opcode, payload)
    );
    socket.setNoDelay(true).setTimeout(0);
    socket
      .on('data', (piece) => this.#read(piece))
      .on('end', () => socket.end())
      .on('error', () => {})
      .on('close', () => this.#close());
    this.#listener.onOpen(protocol, extensions);
    if (head.length > 0) this.#read(head);
  }

  #read(piece) {
    if (this.#failure !== undefined || this.#hasReceivedClose) return;
    try {
      this.#reader.read(piece);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#failWith(error);
    }
  }

  #failWith({ message, code }) {
    this.#sendClose(code, message);
    this.#socket.end();
    this.#expectEnd();
    this.#fail(message);
  }

  #receive(opcode, payload, isCompressed) {
    if (this.#hasReceivedClose) return;
    if (!isCompressed && this.#isInflating === 0) {
      this.#deliver(opcode, payload);
      return;
    }
    this.#isInflating++;
    this.#waiting = this.#waiting
      .then(() => (isCompressed ? this.#inflate.run(payload) : payload))
      .then((bytes) => this.#deliver(opcode, bytes), (error) => {
        this.#failWith(error instanceof ProtocolError ? error : new ProtocolError(error.message, 1007));
      })
      .finally(() => this.#isInflating--);
  }

  #deliver(opcode, payload) {
    if (this.#failure !== undefined || this.#hasClosed) return;
    if (opcode === OPCODE.BINARY) {
      this.#listener.onMessage(payload);
      return;
    }
    let text;
    try {
      text = utf8.decode(payload);
    } catch {
      this.#failWith(new ProtocolError('Received invalid UTF-8 in text frame.', 1007));
      return;
    }
    this.#listener.onMessage(text);
  }

  #control(opcode, payload) {
    switch (opcode) {
      case OPCODE.PING:
        if (!this.#hasSentClose) this.#socket.write(encodeFrame(OPCODE.PONG, payload));
        break;
      case OPCODE.CLOSE:
        this.#receiveClose(payload);
        break;
    }
  }

  #receiveClose(payload) {
    let code = NO_STATUS;
    let reason = '';
    if (payload.length > 0) {
      code = payload.readUInt16BE(0);
      if (!isValidCode(code)) throw new ProtocolError('Invalid status code');
      try {
        reason = utf8.decode(payload.subarray(2));
      } catch {
        throw new ProtocolError('Invalid UTF-8', 1007);
      }
    }
    this.#hasReceivedClose = true;
    this.#code = code;
    this.#reason = reason;
    // Messages before it come first.
    this.#waiting.then(() => {
      this.#listener.onClosing();
      this.#sendClose(code === NO_STATUS ? undefined : code, '');
      this.#expectEnd();
    });
  }

  #sendClose(code, reason) {
    if (this.#hasSentClose) return;
    this.#hasSentClose = true;
    const text = Buffer.from(reason);
    const payload = Buffer.allocUnsafe(code === undefined ? 0 : 2 + text.length);
    if (code !== undefined) {
      payload.writeUInt16BE(code, 0);
      text.copy(payload, 2);
    }
    this.#socket.write(encodeFrame(OPCODE.CLOSE, payload));
  }

  // The server is the one that ends the connection; one that does not is left.
  #expectEnd() {
    const timer = setTimeout(() => this.#socket.destroy(), CLOSING_TIME);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /**
   * Sends a message.
   * @param {boolean} isText
   * @param {Uint8Array} payload
   * @param {() => void} callback when it has been written
   */
  send(isText, payload, callback) {
    if (this.#hasSentClose) callback();
    else this.#socket.write(encodeFrame(isText ? OPCODE.TEXT : OPCODE.BINARY, payload), callback);
  }

  /**
   * Begins to close, also before the connection is open.
   * @param {number | undefined} code
   * @param {string} reason
   */
  close(code, reason) {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (this.#socket === undefined) {
      this.#request.destroy();
      this.#fail('WebSocket was closed before the connection was established.');
      return;
    }
    // As in Node, the server may take all the time it wants for its half of the closing handshake.
    this.#sendClose(code, reason);
  }

  #fail(message) {
    if (this.#failure !== undefined || this.#hasClosed) return;
    this.#failure = message;
    this.#close();
  }

  #close() {
    if (this.#hasClosed) return;
    this.#hasClosed = true;
    if (!this.#hasReceivedClose) this.#failure ??= 'Connection was closed without a closing handshake.';
    this.#waiting.then(() => {
      const wasClean = this.#hasReceivedClose && this.#hasSentClose;
      const code = this.#failure === undefined ? this.#code : ABNORMAL;
      this.#observer?.onClose();
      this.#listener.onClose(this.#failure, wasClean && this.#failure === undefined, code, this.#reason);
      this.#inflate?.close();
    });
  }
}

/** Inflates messages one after the other, each with what the ones before it have taught unless told otherwise. */
class Inflater {
  #forgets;
  #isValid;
  #stream;

  constructor(extensions) {
    this.#forgets = /server_no_context_takeover/.test(extensions);
    const bits = /server_max_window_bits=(\d+)/.exec(extensions)?.[1] ?? '15';
    this.#isValid = Number(bits) >= LEAST_WINDOW_BITS && Number(bits) <= MOST_WINDOW_BITS;
  }

  async run(payload) {
    if (!this.#isValid) throw new ProtocolError('Invalid server_max_window_bits', 1007);
    return await this.#inflate(payload);
  }

  #inflate(payload) {
    const zlib = require('zlib');
    this.#stream ??= zlib.createInflateRaw();
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      const parts = [];
      let length = 0;
      const onData = (part) => {
        parts.push(part);
        length += part.length;
        if (length <= LONGEST_MESSAGE) return;
        parts.length = 0;
        reject(new ProtocolError('Max decompressed message size exceeded', 1009));
        this.close();
      };
      stream.on('data', onData).once('error', reject);
      stream.write(payload);
      stream.write(SYNC_MARK);
      stream.flush(() => {
        stream.off('data', onData).off('error', reject);
        if (this.#forgets) this.close();
        resolve(Buffer.concat(parts));
      });
    });
  }

  close() {
    this.#stream?.close();
    this.#stream = undefined;
  }
}

module.exports = { Connection };
