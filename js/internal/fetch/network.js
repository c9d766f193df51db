// The connections of fetch: one request at a time on each, kept for the next one of the same origin.
//
// They are sockets of `net` and `tls` with the parser of `http`, so that addresses, certificates, proxies of
// names and every error are those of these modules.
'use strict';

const { FastBuffer } = require('internal/buffer/memory');
const { noResponse, otherSideClosed, socketError, timedOut, tunnelError } = require('internal/fetch/errors');
const { proxyOf } = require('internal/fetch/proxies');
const { headOf, mismatch } = require('internal/fetch/request_head');
const { splitFields } = require('internal/http/parser');
const { setUnrefTimeout } = require('internal/net/timeouts');
const { getOptionValue } = require('internal/options');
const { clearTimeout } = require('internal/timers');
const net = require('net');

const binding = internalBinding('http');
const processBinding = internalBinding('process');

const CONNECT_TIMEOUT = 10_000;
const HEADERS_TIMEOUT = 300_000;
const BODY_TIMEOUT = 300_000;
const KEEP_ALIVE = 4_000;
const LONGEST_KEEP_ALIVE = 600_000;
/** A server's own time is cut by this much, since its end is noticed late. */
const KEEP_ALIVE_MARGIN = 2_000;

const FLAG_KEEP_ALIVE = 2;
const NO_BODY = 1;
const CONTINUE = 100;
const SWITCHING_PROTOCOLS = 101;
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];

/** @type {Map<string, Connection[]>} by proxy and origin, the last used one last */
const idle = new Map();

/**
 * One request and its answer.
 * @typedef {object} Exchange
 * @property {URL} url
 * @property {string} method
 * @property {string[]} fields names and values in turn
 * @property {Uint8Array | ReadableStream | null} body
 * @property {number | null} length of the body, where it is known
 * @property {(status: number, text: string, fields: string[]) => void} onHead
 * @property {(bytes: Uint8Array) => boolean} onData false: no more for now, until `resume`; the bytes may be a part
 *   of memory that others use
 * @property {() => boolean} onRead after each read, unless the answer has ended; the result is that of `onData`
 * @property {() => void} onEnd
 * @property {(error: Error) => void} onError
 */

/** The header that was read last: servers send the same again and again. */
const last = { text: '', fields: [], keptFor: KEEP_ALIVE };

function readFields(text) {
  last.text = text;
  last.fields = splitFields(text);
  last.keptFor = keepAliveOf(last.fields);
}

class ResponseParser extends binding.HttpParser {
  constructor(connection) {
    super();
    this.connection = connection;
  }

  onHead(flags, method, url, text, version, status, reason) {
    if (text !== last.text) readFields(text);
    return this.connection.receiveHead(status, reason, last.fields, last.keptFor, (flags & FLAG_KEEP_ALIVE) !== 0);
  }

  onBody(buffer, offset, length) {
    this.connection.receiveBody(new FastBuffer(buffer, offset, length));
  }

  onEnd() {
    this.connection.receiveEnd();
  }
}

/** A connection to a server. */
class Connection {
  /** @type {Exchange | undefined} */
  #exchange;
  #parser;
  #socket;
  #key;
  #proxy;
  // While a proxy connects to the server.
  #isTunnelling = false;
  #closes = false;
  #isSent = false;
  #isAnswered = false;
  #isInformational = false;
  #isKept = false;
  #keptFor = KEEP_ALIVE;
  #hasAnsweredBefore = false;
  #hasReceived = false;
  /** What is due and when, and the timer that looks: it is there already when something later becomes due. */
  #whenDue;
  #time = 0;
  #dueAt = 0;
  #timer;
  #timerAt = 0;

  /**
   * @param {URL} url
   * @param {ProxyConfig | null} proxy
   */
  constructor(url, proxy) {
    this.#key = keyOf(url, proxy);
    const isSecure = url.protocol === 'https:';
    const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
    const options = { host, port, noDelay: true };
    const secure = isSecure ? { servername: net.isIP(host) ? '' : host, ALPNProtocols: ['http/1.1'] } : null;
    const place = ` (attempted address: ${host}:${port}, timeout: ${CONNECT_TIMEOUT}ms)`;
    this.#expect(CONNECT_TIMEOUT, () => this.#fail(timedOut('connect', place)));
    // A proxy passes on what it can read itself, and tunnels the rest.
    this.#proxy = isSecure ? null : proxy;
    if (isSecure && proxy !== null) {
      this.#tunnel(url, proxy, { ...options, ...secure });
      return;
    }
    if (secure !== null) this.#socket = connectSecurely({ ...options, ...secure });
    else this.#socket = proxy === null ? net.connect(options) : require('internal/http/proxy').connectToProxy(proxy);
    this.#listen(secure !== null || proxy?.protocol === 'https:' ? 'secureConnect' : 'connect');
  }

  #tunnel(url, proxy, options) {
    const { openTunnel } = require('internal/https/tunnel');
    const head = (server) =>
      `CONNECT ${server} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: close\r\n` +
      `${proxy.auth ? `proxy-authorization: ${proxy.auth}\r\n` : ''}proxy-connection: keep-alive\r\n\r\n`;
    this.#isTunnelling = true;
    this.#socket = openTunnel(head, proxy, options, (error, socket) => {
      this.#isTunnelling = false;
      if (error) {
        this.#fail(tunnelError(error, this.#socket));
        return;
      }
      this.#socket = connectSecurely({ ...options, socket });
      this.#listen('secureConnect');
      if (this.#exchange !== undefined) this.send(this.#exchange);
    });
  }

  #onLateHead = () => this.#fail(timedOut('headers'));
  #onLateBody = () => this.#fail(timedOut('body'));
  #onIdle = () => this.#socket.destroy();

  #listen(ready) {
    const socket = this.#socket;
    this.#parser = new ResponseParser(this);
    socket
      .once(ready, () => this.#expect(HEADERS_TIMEOUT, this.#onLateHead))
      .on('data', (chunk) => this.#read(chunk))
      .on('end', () => this.#readEnd())
      .on('error', (error) => this.#fail(error))
      .on('close', () => this.#fail(otherSideClosed(socket)));
  }

  /** Has something done if nothing else becomes due within so many milliseconds. */
  #expect(time, whenDue) {
    this.#whenDue = whenDue;
    this.#time = time;
    this.#dueAt = processBinding.loopNow() + time;
    if (this.#timer === undefined) {
      this.#setTimer(time);
    } else if (this.#timerAt > this.#dueAt) {
      clearTimeout(this.#timer);
      this.#setTimer(time);
    }
  }

  #setTimer(time) {
    this.#timerAt = processBinding.loopNow() + time;
    this.#timer = setUnrefTimeout(() => {
      this.#timer = undefined;
      if (this.#whenDue === undefined) return;
      const left = this.#dueAt - processBinding.loopNow();
      if (left > 0) this.#setTimer(left);
      else this.#whenDue();
    }, time);
  }

  /**
   * Sends a request. The connection must be idle.
   * @param {Exchange} exchange
   */
  send(exchange) {
    this.#exchange = exchange;
    if (this.#isTunnelling) return;
    this.#isAnswered = this.#isInformational = this.#hasReceived = false;
    this.#isSent = false;
    this.#parser.initialize(true, getOptionValue('--max-http-header-size') || 16 * 1024, 0);
    let head;
    try {
      head = headOf(exchange, this.#proxy);
    } catch (error) {
      queueMicrotask(() => this.#failExchange(exchange, error));
      return;
    }
    this.#closes = head.closes;
    this.#socket.ref();
    if (!this.#socket.connecting) this.#expect(HEADERS_TIMEOUT, this.#onLateHead);
    const { body } = exchange;
    if (body === null) {
      this.#socket.write(head.text, 'latin1');
      this.#isSent = true;
    } else if (body instanceof Uint8Array) {
      this.#socket.cork();
      this.#socket.write(head.text, 'latin1');
      if (body.byteLength > 0) this.#socket.write(body);
      this.#socket.uncork();
      this.#isSent = true;
    } else {
      this.#socket.write(head.text, 'latin1');
      this.#sendStream(exchange, head.length).catch((error) => this.#failExchange(exchange, error));
    }
  }

  async #sendStream(exchange, length) {
    const { body } = exchange;
    const socket = this.#socket;
    let written = 0;
    for await (const chunk of body) {
      if (this.#exchange !== exchange) return;
      if (!(chunk instanceof Uint8Array)) throw new TypeError('Received non-Uint8Array chunk');
      if (chunk.byteLength === 0) continue;
      written += chunk.byteLength;
      if (length !== null && written > length) throw mismatch();
      if (length === null) {
        socket.cork();
        socket.write(`${chunk.byteLength.toString(16)}\r\n`, 'latin1');
        socket.write(chunk);
      }
      const hasRoom = socket.write(length === null ? '\r\n' : chunk, 'latin1');
      if (length === null) socket.uncork();
      if (!hasRoom) await drained(socket);
    }
    if (this.#exchange !== exchange) return;
    if (length !== null && written < length) throw mismatch();
    if (length === null) socket.write('0\r\n\r\n', 'latin1');
    this.#isSent = true;
    if (this.#isAnswered) this.#finish();
  }

  #read(chunk) {
    this.#hasReceived = true;
    if (this.#exchange === undefined) {
      // Nobody has asked.
      this.#socket.destroy();
      return;
    }
    const report = this.#parser.execute(chunk);
    if (typeof report === 'object') this.#fail(noResponse(report, chunk));
    else if (this.#exchange !== undefined && !this.#exchange.onRead()) this.#socket.pause();
  }

  #readEnd() {
    if (this.#exchange !== undefined && !this.#isAnswered && this.#hasReceived) this.#parser.finish();
    this.#fail(otherSideClosed(this.#socket));
  }

  /** Called by the parser with the head of an answer. Returns whether there is no body. */
  receiveHead(status, reason, fields, keptFor, isKept) {
    const exchange = this.#exchange;
    if (exchange === undefined) return NO_BODY;
    if (status === CONTINUE || status === SWITCHING_PROTOCOLS) {
      // Neither was asked for.
      this.#fail(socketError(this.#socket, status === CONTINUE ? 'bad response' : 'bad upgrade'));
      return NO_BODY;
    }
    this.#isInformational = status < 200;
    if (this.#isInformational) return NO_BODY;
    this.#isKept = isKept;
    this.#keptFor = keptFor;
    this.#expect(BODY_TIMEOUT, this.#onLateBody);
    // A connection that a request has all for itself is not kept, whatever the server says.
    if (this.#closes) this.#isKept = false;
    exchange.onHead(status, utf8(reason), fields);
    return exchange.method === 'HEAD' || exchange.method === 'CONNECT' ? NO_BODY : 0;
  }

  /** Called by the parser with a part of the body. */
  receiveBody(bytes) {
    this.#dueAt = processBinding.loopNow() + this.#time;
    if (this.#exchange !== undefined && !this.#exchange.onData(bytes)) this.#socket.pause();
  }

  /** Called by the parser at the end of an answer. */
  receiveEnd() {
    if (this.#isInformational || this.#exchange === undefined) return;
    this.#isAnswered = true;
    // What the program sends is still on its way, and the connection is no good for another request.
    if (!this.#isSent) this.#isKept = false;
    this.#finish();
  }

  #finish() {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#whenDue = undefined;
    exchange.onEnd();
    const socket = this.#socket;
    if (!this.#isKept || this.#keptFor <= 0 || socket.destroyed || socket.readableEnded) {
      socket.destroy();
      return;
    }
    this.#hasAnsweredBefore = true;
    socket.resume();
    socket.unref();
    let connections = idle.get(this.#key);
    if (connections === undefined) idle.set(this.#key, (connections = []));
    connections.push(this);
    this.#expect(this.#keptFor, this.#onIdle);
  }

  /** Goes on after `onData` has returned false. */
  resume() {
    this.#socket.resume();
  }

  /** Ends the exchange of a program that wants it no more. */
  abort(exchange) {
    if (this.#exchange !== exchange) return;
    this.#exchange = undefined;
    this.#close();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#timer = this.#whenDue = undefined;
    this.#socket.destroy();
    const connections = idle.get(this.#key);
    const place = connections === undefined ? -1 : connections.indexOf(this);
    if (place === -1) return;
    connections.splice(place, 1);
    if (connections.length === 0) idle.delete(this.#key);
  }

  #fail(error) {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#close();
    if (exchange === undefined) return;
    // A server may close a connection just when the next request is on its way; it has not seen it.
    const mayTryAgain = this.#hasAnsweredBefore && !this.#hasReceived && SAFE_METHODS.includes(exchange.method) &&
      (exchange.body === null || exchange.body instanceof Uint8Array);
    if (mayTryAgain) exchange.moveTo(new Connection(exchange.url, proxyOf(exchange.url)));
    else exchange.onError(error);
  }

  #failExchange(exchange, error) {
    if (this.#exchange === exchange) this.#fail(error);
  }
}

/** A TLS connection: what fails is the handshake then, not a request that waits for it. */
function connectSecurely(options) {
  const socket = require('tls').connect(options);
  socket.cork();
  return socket.once('secureConnect', () => socket.uncork());
}

/** What connections must have in common to serve the same requests. */
function keyOf(url, proxy) {
  return proxy === null ? url.origin : `${proxy.href} ${proxy.auth ?? ''} ${url.origin}`;
}

/** The text whose bytes are the characters of `text`. */
function utf8(text) {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString() : text;
}

function drained(socket) {
  return new Promise((resolve) => {
    const done = () => {
      socket.removeListener('drain', done);
      socket.removeListener('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

function keepAliveOf(fields) {
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i].length !== 10 || fields[i].toLowerCase() !== 'keep-alive') continue;
    const match = /timeout\s*=\s*(\d+)/.exec(fields[i + 1]);
    if (match !== null) return Math.min(Number(match[1]) * 1000, LONGEST_KEEP_ALIVE) - KEEP_ALIVE_MARGIN;
  }
  return KEEP_ALIVE;
}

/**
 * Sends a request on an idle connection, or on a new one.
 * @param {Exchange} exchange
 * @returns {{ resume(): void, abort(): void }}
 */
function dispatch(exchange) {
  const { url } = exchange;
  const proxy = proxyOf(url);
  let connection = idle.get(keyOf(url, proxy))?.pop();
  exchange.moveTo = (to) => {
    connection = to;
    connection.send(exchange);
  };
  exchange.moveTo(connection ?? new Connection(url, proxy));
  return {
    resume: () => connection.resume(),
    abort: () => connection.abort(exchange),
  };
}

module.exports = { dispatch };
