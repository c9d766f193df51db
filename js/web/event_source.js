// The web interface EventSource: events that a server sends, after the HTML Standard.
'use strict';

const {
  defineConstants,
  describeInterface,
  illegalInvocation,
  requireArguments,
  toDictionary,
  toUSVString,
} = require('internal/fetch/webidl');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { lazyDOMException } = require('internal/util');
const { EventTarget, defineEventHandler } = require('web/event_target');
const { MessageEvent } = require('web/message_event');

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;
const FIRST_RECONNECTION_TIME = 3000;

/** Reads the lines of a stream and tells of each event. */
class StreamReader {
  #decoder = new TextDecoder();
  #text = '';
  #hadReturn = false;
  #data = '';
  #type = '';
  #id;
  #listener;

  /**
   * @param {string} id the last one that is known
   * @param {{ onEvent(type: string, data: string, id: string): void, onRetry(time: number): void }} listener
   */
  constructor(id, listener) {
    this.#id = id;
    this.#listener = listener;
  }

  /** @param {Uint8Array} bytes */
  read(bytes) {
    let text = this.#decoder.decode(bytes, { stream: true });
    // A line feed right behind a carriage return belongs to it, also in the next piece.
    if (this.#hadReturn && text.startsWith('\n')) text = text.slice(1);
    if (text === '') return;
    this.#hadReturn = text.endsWith('\r');
    const lines = (this.#text + text).split(/\r\n|\r|\n/);
    this.#text = lines.pop();
    for (const line of lines) this.#readLine(line);
  }

  #readLine(line) {
    if (line === '') {
      this.#tell();
      return;
    }
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const start = line[colon + 1] === ' ' ? colon + 2 : colon + 1;
    const value = colon === -1 ? '' : line.slice(start);
    switch (name) {
      case 'event':
        this.#type = value;
        break;
      case 'data':
        this.#data += `${value}\n`;
        break;
      case 'id':
        if (!value.includes('\0')) this.#id = value;
        break;
      case 'retry':
        if (/^\d+$/.test(value)) this.#listener.onRetry(Number(value));
        break;
    }
  }

  #tell() {
    const data = this.#data;
    const type = this.#type || 'message';
    this.#data = this.#type = '';
    this.#listener.onEvent(type, data === '' ? undefined : data.slice(0, -1), this.#id);
  }
}

let hasWarned = false;

/** Events that a server sends, on a connection that is made anew when it ends. */
class EventSource extends EventTarget {
  #url;
  #withCredentials;
  #readyState = CONNECTING;
  #lastEventId = '';
  #reconnectionTime = FIRST_RECONNECTION_TIME;
  /** Where the stream is asked for: after a redirect, where that has led. */
  #target;
  #controller = new AbortController();
  #timer;

  /**
   * @param {string | URL} url
   * @param {{ withCredentials?: boolean, node?: { reconnectionTime?: number } }} [init]
   */
  constructor(url, init = undefined) {
    super();
    this[kTransferMode] = kUncloneable;
    requireArguments(arguments.length, 1, 'EventSource constructor');
    if (!hasWarned) {
      hasWarned = true;
      process.emitWarning('EventSource is experimental, expect them to change at any time.', { code: 'UNDICI-ES' });
    }
    const text = toUSVString(url);
    const { withCredentials = false, node } = toDictionary(init, 'EventSource constructor') ?? {};
    this.#withCredentials = Boolean(withCredentials);
    if (node?.reconnectionTime !== undefined) this.#reconnectionTime = Number(node.reconnectionTime);
    try {
      this.#url = new URL(text);
    } catch (error) {
      throw lazyDOMException(String(error), 'SyntaxError');
    }
    this.#target = this.#url;
    this.#connect();
  }

  static #check(self) {
    if (typeof self !== 'object' || self === null || !(#url in self)) throw illegalInvocation();
    return self;
  }

  async #connect() {
    const headers = { 'accept': 'text/event-stream', 'accept-language': '*' };
    if (this.#lastEventId !== '') headers['last-event-id'] = this.#lastEventId;
    const { signal } = this.#controller;
    let response;
    try {
      response = await fetch(this.#target, { headers, cache: 'no-store', signal });
    } catch {
      this.#reconnect();
      return;
    }
    this.#target = response.url;
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200 || !/^text\/event-stream(?:\s*;|\s*$)/i.test(type)) {
      response.body?.cancel().catch(() => {});
      this.#fail();
      return;
    }
    this.#announce();
    try {
      await this.#readEvents(response);
    } catch {
      // However a stream ends, it is asked for again.
    }
    this.#reconnect();
  }

  #announce() {
    if (this.#readyState === CLOSED) return;
    this.#readyState = OPEN;
    this.dispatchEvent(new Event('open'));
  }

  async #readEvents(response) {
    const { origin } = new URL(response.url);
    const reader = new StreamReader(this.#lastEventId, {
      onRetry: (time) => {
        this.#reconnectionTime = time;
      },
      onEvent: (type, data, id) => {
        this.#lastEventId = id;
        if (data === undefined || this.#readyState === CLOSED) return;
        this.dispatchEvent(new MessageEvent(type, { data, lastEventId: id, origin }));
      },
    });
    for await (const bytes of response.body) reader.read(bytes);
  }

  #reconnect() {
    if (this.#readyState === CLOSED) return;
    this.#readyState = CONNECTING;
    this.dispatchEvent(new Event('error'));
    if (this.#readyState === CLOSED) return;
    this.#timer = setTimeout(() => this.#connect(), this.#reconnectionTime);
  }

  #fail() {
    if (this.#readyState === CLOSED) return;
    this.#readyState = CLOSED;
    this.dispatchEvent(new Event('error'));
  }

  /** Ends the connection for good. */
  close() {
    EventSource.#check(this);
    if (this.#readyState === CLOSED) return;
    this.#readyState = CLOSED;
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  /** @returns {number} */
  get readyState() {
    return EventSource.#check(this).#readyState;
  }

  /** @returns {string} */
  get url() {
    return EventSource.#check(this).#url.href;
  }

  /** @returns {boolean} */
  get withCredentials() {
    return EventSource.#check(this).#withCredentials;
  }
}

for (const name of ['open', 'message', 'error']) defineEventHandler(EventSource.prototype, name);
describeInterface(EventSource, 'EventSource', ['readyState', 'url', 'withCredentials', 'close']);
defineConstants(EventSource, { CONNECTING, OPEN, CLOSED });

module.exports = { EventSource };
