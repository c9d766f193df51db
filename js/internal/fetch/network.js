// The connections of fetch: with HTTP/1 one request at a time on each, kept for the next one of the same origin. Over
// TLS a server may choose HTTP/2, and many requests share a connection.
//
// They are sockets of `net` and `tls` with the parser of `http`, so that addresses, certificates, proxies of
// names and every error are those of these modules.
'use strict';

const { FastBuffer } = require('internal/buffer/memory');
const { Deadline } = require('internal/fetch/deadline');
const { noResponse, otherSideClosed, socketError, timedOut, tunnelError } = require('internal/fetch/errors');
const { proxyOf } = require('internal/fetch/proxies');
const { bytesOf, checkFields, headOf, mayBeSentAgain, mismatch } = require('internal/fetch/request_head');
const { splitFields } = require('internal/http/parser');
const observers = require('internal/inspector/observers');
const { getOptionValue } = require('internal/options');
const net = require('net');

const binding = internalBinding('http');

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

/** @type {Map<string, Connection[]>} by proxy and origin, the last used one last */
const idle = new Map();

/** @type {Map<string, Http2Connection[]>} by proxy and origin */
const shared = new Map();

/**
 * One request and its answer.
 * @typedef {object} Exchange
 * @property {URL} url
 * @property {string} method
 * @property {string[]} fields names and values in turn
 * @property {import('internal/fetch/body').Body | null} content
 * @property {Uint8Array | ReadableStream | null} body the content as it is sent
 * @property {number | null} length of the body, where it is known
 * @property {(status: number, text: string, fields: string[]) => void} onHead
 * @property {(bytes: Uint8Array) => boolean} onData false: no more for now, until `resume`; the bytes may be a part
 *   of memory that others use
 * @property {() => boolean} onRead after each read, unless the answer has ended; the result is that of `onData`
 * @property {() => void} onEnd
 * @property {(error: Error) => void} onError
 * @property {Route} route which connection it is on
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
  // While a proxy connects to the server, and in the handshake: nobody knows what the server speaks.
  #isWaiting;
  #closes = false;
  #isSent = false;
  #isAnswered = false;
  #isInformational = false;
  #isKept = false;
  #keptFor = KEEP_ALIVE;
  #hasAnsweredBefore = false;
  #hasReceived = false;
  #deadline = new Deadline();

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
    const place = ` (attempted address: ${host}:${port}, timeout: ${CONNECT_TIMEOUT}ms)`;
    this.#deadline.expect(CONNECT_TIMEOUT, () => this.#fail(timedOut('connect', place)));
    // A proxy passes on what it can read itself, and tunnels the rest.
    this.#proxy = isSecure ? null : proxy;
    this.#isWaiting = isSecure;
    if (isSecure) {
      const secure = { ...options, servername: net.isIP(host) ? '' : host, ALPNProtocols: ['http/1.1', 'h2'] };
      if (proxy === null) this.#secure(secure);
      else this.#tunnel(url, proxy, secure);
      return;
    }
    this.#socket = proxy === null ? net.connect(options) : require('internal/http/proxy').connectToProxy(proxy);
    this.#watch(proxy?.protocol === 'https:' ? 'secureConnect' : 'connect', this.#expectHead);
    this.#listen();
  }

  #tunnel(url, proxy, options) {
    const { openTunnel } = require('internal/https/tunnel');
    const head = (server) =>
      `CONNECT ${server} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: close\r\n` +
      `${proxy.auth ? `proxy-authorization: ${proxy.auth}\r\n` : ''}proxy-connection: keep-alive\r\n\r\n`;
    this.#socket = openTunnel(head, proxy, options, (error, socket) => {
      if (error) this.#fail(tunnelError(error, this.#socket));
      else this.#secure({ ...options, socket });
    });
  }

  #secure(options) {
    this.#socket = require('tls').connect(options);
    this.#watch('secureConnect', this.#begin);
  }

  /** The handshake is done. */
  #begin = () => {
    this.#isWaiting = false;
    const exchange = this.#exchange;
    const socket = this.#socket;
    if (socket.alpnProtocol === 'h2') {
      this.#exchange = undefined;
      this.#deadline.end();
      socket.removeListener('error', this.#onError).removeListener('close', this.#onClose);
      const connection = share(this.#key, socket);
      exchange?.route.moveTo(connection);
      return;
    }
    this.#expectHead();
    this.#listen();
    if (exchange !== undefined) this.send(exchange);
  };

  #onLateHead = () => this.#fail(timedOut('headers'));
  #onLateBody = () => this.#fail(timedOut('body'));
  #onIdle = () => this.#socket.destroy();
  #expectHead = () => this.#deadline.expect(HEADERS_TIMEOUT, this.#onLateHead);
  #onError = (error) => this.#fail(error);
  #onClose = () => this.#fail(otherSideClosed(this.#socket));

  #watch(ready, whenReady) {
    this.#socket.once(ready, whenReady).on('error', this.#onError).on('close', this.#onClose);
  }

  #listen() {
    this.#parser = new ResponseParser(this);
    this.#socket.on('data', (chunk) => this.#read(chunk)).on('end', () => this.#readEnd());
  }

  /**
   * Sends a request. The connection must be idle.
   * @param {Exchange} exchange
   */
  send(exchange) {
    this.#exchange = exchange;
    let head;
    try {
      if (this.#isWaiting) {
        checkFields(exchange);
        return;
      }
      head = headOf(exchange, this.#proxy);
    } catch (error) {
      queueMicrotask(() => this.#failExchange(exchange, error));
      return;
    }
    this.#isAnswered = this.#isInformational = this.#hasReceived = false;
    this.#isSent = false;
    this.#parser.initialize(true, getOptionValue('--max-http-header-size') || 16 * 1024, 0);
    this.#closes = head.closes;
    this.#socket.ref();
    if (!this.#socket.connecting) this.#deadline.expect(HEADERS_TIMEOUT, this.#onLateHead);
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
    for await (const item of body) {
      if (this.#exchange !== exchange) return;
      const chunk = bytesOf(item);
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
    this.#deadline.expect(BODY_TIMEOUT, this.#onLateBody);
    // A connection that a request has all for itself is not kept, whatever the server says.
    if (this.#closes) this.#isKept = false;
    exchange.onHead(status, utf8(reason), fields);
    return exchange.method === 'HEAD' || exchange.method === 'CONNECT' ? NO_BODY : 0;
  }

  /** Called by the parser with a part of the body. */
  receiveBody(bytes) {
    this.#deadline.renew();
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
    this.#deadline.pause();
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
    this.#deadline.expect(this.#keptFor, this.#onIdle);
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
    this.#deadline.end();
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
    const mayTryAgain = this.#hasAnsweredBefore && !this.#hasReceived && mayBeSentAgain(exchange);
    if (mayTryAgain) exchange.route.moveTo(new Connection(exchange.url, proxyOf(exchange.url)));
    else exchange.onError(error);
  }

  #failExchange(exchange, error) {
    if (this.#exchange === exchange) this.#fail(error);
  }
}

/** A connection with HTTP/2, for all requests to one origin. */
function share(key, socket) {
  const { Http2Connection } = require('internal/fetch/http2_connection');
  let connections = shared.get(key);
  if (connections === undefined) shared.set(key, (connections = []));
  const connection = new Http2Connection(socket, () => {
    connections.splice(connections.indexOf(connection), 1);
    if (connections.length === 0 && shared.get(key) === connections) shared.delete(key);
  });
  connections.push(connection);
  return connection;
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

/** A request's way to its server. */
class Route {
  #exchange;
  #connection;

  constructor(exchange) {
    this.#exchange = exchange;
    exchange.route = this;
  }

  /** Sends the request on a connection that has room, or on a new one. */
  start() {
    const { url } = this.#exchange;
    const proxy = proxyOf(url);
    const key = keyOf(url, proxy);
    const connection = shared.get(key)?.find(hasRoom) ?? idle.get(key)?.pop() ?? new Connection(url, proxy);
    this.moveTo(connection);
  }

  /** @param {Connection | Http2Connection} connection that sends the request */
  moveTo(connection) {
    this.#connection = connection;
    connection.send(this.#exchange);
  }

  /** Goes on after `onData` has returned false. */
  resume() {
    this.#connection.resume(this.#exchange);
  }

  /** Ends the exchange of a program that wants it no more. */
  abort() {
    this.#connection.abort(this.#exchange);
  }
}

const hasRoom = (connection) => connection.hasRoom;

/**
 * Sends a request.
 * @param {Exchange} exchange
 * @returns {Route}
 */
function dispatch(exchange) {
  const route = new Route(observers.fetch === undefined ? exchange : observers.fetch(exchange));
  route.start();
  return route;
}

module.exports = { dispatch };
