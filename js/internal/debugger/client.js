// The connection of the command-line debugger with the program that it debugs: commands of the protocol as promises,
// notifications as events.
'use strict';

const EventEmitter = require('events');
const http = require('http');
const { createHash, randomBytes } = require('crypto');
const { FrameReader, OPCODE, encodeFrame } = require('internal/websocket/frames');
const { codes: { ERR_DEBUGGER_ERROR } } = require('internal/errors');

// What RFC 6455 has every server add to the client's key.
const KEY_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What the program's side says of a command that has failed. */
function failure({ code, message, data }) {
  const error = new Error(data ? `${message} - ${data}` : message);
  // Shown beside the name.
  error.code = code;
  error.stack = `Error [${code}]: ${error.message}`;
  return error;
}

/** A connection that can be opened again after its end. */
class Client extends EventEmitter {
  #socket = null;
  #pending = new Map();
  #lastId = 0;
  address;

  /**
   * @param {string} host
   * @param {number} port
   */
  async connect(host, port) {
    this.address = { host, port };
    const [target] = await this.#fetchTargets();
    const { pathname } = new URL(target.webSocketDebuggerUrl);
    this.#socket = await this.#open(pathname);
    this.#listen(this.#socket);
    this.emit('ready');
  }

  #fetchTargets() {
    const { promise, resolve, reject } = Promise.withResolvers();
    http.get({ ...this.address, path: '/json' }, async (response) => {
      let text = '';
      response.setEncoding('utf8');
      for await (const chunk of response) text += chunk;
      if (response.statusCode !== 200) {
        reject(new ERR_DEBUGGER_ERROR(`Unexpected ${response.statusCode}: ${text}`));
        return;
      }
      try {
        resolve(JSON.parse(text));
      } catch (error) {
        reject(error);
      }
    }).on('error', reject);
    return promise;
  }

  #open(path) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const key = randomBytes(16).toString('base64');
    const expected = createHash('sha1').update(key + KEY_SUFFIX).digest('base64');
    const request = http.get({
      ...this.address,
      path,
      headers: {
        'Connection': 'Upgrade', 'Upgrade': 'websocket', 'Sec-WebSocket-Key': key, 'Sec-WebSocket-Version': '13',
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      reject(new ERR_DEBUGGER_ERROR(`Unexpected ${response.statusCode}`));
    });
    request.on('upgrade', (response, socket, head) => {
      if (response.headers['sec-websocket-accept'] !== expected) {
        socket.destroy();
        reject(new ERR_DEBUGGER_ERROR('WebSocket secret mismatch'));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    return promise;
  }

  #listen(socket) {
    const reader = new FrameReader(false, (opcode, payload) => this.#receive(payload), (opcode, payload) => {
      if (opcode === OPCODE.CLOSE) this.reset();
      else if (opcode === OPCODE.PING) socket.write(encodeFrame(OPCODE.PONG, payload));
    });
    socket.on('data', (chunk) => reader.read(chunk));
    socket.on('error', () => this.reset());
    socket.on('close', () => {
      if (this.#socket === socket) this.reset();
    });
  }

  #receive(payload) {
    const message = JSON.parse(payload.toString());
    if (message.id === undefined) {
      this.emit(message.method, message.params);
      return;
    }
    const waiting = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (waiting === undefined) return;
    if (message.error) waiting.reject(failure(message.error));
    else waiting.resolve(message.result);
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<object>} the result
   */
  call(method, params) {
    if (this.#socket === null) return Promise.reject(new ERR_DEBUGGER_ERROR('Use `run` to start the app again.'));
    const { promise, resolve, reject } = Promise.withResolvers();
    const id = ++this.#lastId;
    this.#pending.set(id, { resolve, reject });
    this.#socket.write(encodeFrame(OPCODE.TEXT, Buffer.from(JSON.stringify({ id, method, params }))));
    return promise;
  }

  /** Whether there is a connection. */
  get isConnected() {
    return this.#socket !== null;
  }

  /** Ends the connection. */
  reset() {
    const socket = this.#socket;
    if (socket === null) return;
    this.#socket = null;
    this.#pending.clear();
    socket.destroy();
    this.emit('close');
  }
}

module.exports = { Client };
