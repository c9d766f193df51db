// The global `fetch`, after the Fetch Standard as Node applies it: no cache, no cookies, no rules of origin.
'use strict';

const { Buffer } = require('buffer');
const { Body, failWith } = require('internal/fetch/body');
const { copyOf } = require('internal/fetch/webidl');
const { ReadableStream } = require('stream/web');
const { HeaderList } = require('web/headers');
const { Request, requestStateOf } = require('web/request');
const { NULL_BODY, REDIRECTS, createResponse } = require('web/response');

const MOST_REDIRECTS = 20;
const MOST_CODINGS = 5;

// Ports of other services, which a page could make speak to them (Fetch Standard, 2.9).
const BAD_PORTS = new Set([
  '0', '1', '7', '9', '11', '13', '15', '17', '19', '20', '21', '22', '23', '25', '37', '42', '43', '53', '69', '77',
  '79', '87', '95', '101', '102', '103', '104', '109', '110', '111', '113', '115', '117', '119', '123', '135', '137',
  '139', '143', '161', '179', '389', '427', '465', '512', '513', '514', '515', '526', '530', '531', '532', '540',
  '548', '554', '556', '563', '587', '601', '636', '989', '990', '993', '995', '1719', '1720', '1723', '2049',
  '3659', '4045', '4190', '5060', '5061', '6000', '6566', '6665', '6666', '6667', '6668', '6669', '6679', '6697',
  '10080',
]);

/** The only kind of range that is read from a blob. */
const simpleRange = /^[\t ]*bytes[\t ]*=[\t ]*(\d*)[\t ]*-[\t ]*(\d*)[\t ]*$/;

const networkError = (cause) =>
  new TypeError('fetch failed', { cause: typeof cause === 'string' ? new Error(cause) : cause });

/** The fields that were received last, and their list. */
const last = { fields: [], list: new HeaderList() };

function listOf(fields) {
  if (fields !== last.fields) {
    last.fields = fields;
    last.list = new HeaderList();
    for (let i = 0; i < fields.length; i += 2) last.list.append(fields[i], fields[i + 1]);
  }
  return last.list.clone();
}

/** Whether nobody on the way can read or change what is sent: to there a request says more of itself. */
function isTrustworthy({ protocol, hostname }) {
  return protocol === 'https:' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname) ||
    hostname === 'localhost' || hostname.endsWith('.localhost');
}

/** One call of `fetch`: the request, as redirects change it, and the answer. */
class Fetch {
  #urls;
  #method;
  #list;
  #body;
  #state;
  #signal;
  #connection;
  #controller;
  #decoders = [];
  #hasSettled = false;
  #hasEnded = false;
  /** The head of an answer that has no stream yet, since all of its body may come with it, and what has come. */
  #head;
  #parts = [];
  /** Where a redirect leads, while its body is read and thrown away so that its connection can be used again. */
  #next;
  #resolve;
  #reject;

  constructor(state, signal) {
    this.#state = state;
    this.#signal = signal;
    this.#urls = [state.url];
    this.#method = state.method;
    this.#body = state.body;
    this.#list = state.list.clone();
    this.#addFields();
  }

  #addFields() {
    const list = this.#list;
    const { cache, mode } = this.#state;
    const add = (name, value) => {
      if (!list.has(name)) list.append(name, value);
    };
    add('accept', '*/*');
    add('accept-language', '*');
    list.delete('host');
    const body = this.#body;
    const hasNoBody = body === null && (this.#method === 'POST' || this.#method === 'PUT');
    const length = hasNoBody ? 0 : body?.length ?? null;
    if (length !== null) add('content-length', `${length}`);
    const referrer = require('internal/fetch/referrer').referrerOf(this.#state);
    if (referrer !== null) list.append('referer', referrer);
    if (isTrustworthy(this.#state.url)) list.set('sec-fetch-mode', mode);
    add('user-agent', 'node');
    if (cache === 'no-cache') add('cache-control', 'max-age=0');
    if (cache === 'no-store' || cache === 'reload') {
      add('pragma', 'no-cache');
      add('cache-control', 'no-cache');
    }
    if (list.has('range')) add('accept-encoding', 'identity');
    add('accept-encoding', this.#state.url.protocol === 'https:' ? 'br, gzip, deflate, zstd' : 'gzip, deflate');
  }

  /** @returns {Promise<Response>} */
  run() {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#signal.addEventListener('abort', this.#onAbort, { once: true });
      this.#start();
    });
  }

  #onAbort = () => {
    const { reason } = this.#signal;
    this.#connection?.abort();
    if (!this.#hasSettled) this.#body?.stream.cancel(reason).catch(() => {});
    this.#fail(reason);
  };

  // Nothing comes any more.
  #finish() {
    this.#hasEnded = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  #fail(error) {
    if (this.#hasEnded) return;
    this.#finish();
    for (const decoder of this.#decoders) decoder.destroy();
    if (this.#hasSettled) this.#controller?.error(error);
    else this.#reject(error);
    this.#hasSettled = true;
  }

  #start() {
    const url = this.#urls.at(-1);
    switch (url.protocol) {
      case 'http:':
      case 'https:':
        if (BAD_PORTS.has(url.port)) this.#fail(networkError('bad port'));
        else this.#send(url);
        break;
      case 'about:':
        this.#fail(networkError('about scheme is not supported'));
        break;
      case 'blob:':
        this.#answerWithBlob(url);
        break;
      case 'data:':
        this.#answerWithData(url);
        break;
      case 'file:':
        this.#fail(networkError('not implemented... yet...'));
        break;
      default:
        this.#fail(networkError('unknown scheme'));
    }
  }

  #answer(status, statusText, list, body) {
    const urls = this.#urls;
    this.#hasSettled = true;
    this.#resolve(createResponse({ type: 'basic', urls, status, statusText, list, body }, true));
  }

  #answerWithBlob(url) {
    if (url.search !== '') {
      this.#fail(networkError('NetworkError when attempting to fetch resource.'));
      return;
    }
    const blob = require('buffer').resolveObjectURL(url.href);
    if (this.#method !== 'GET' || blob === undefined) {
      this.#fail(networkError('invalid method'));
      return;
    }
    const range = this.#list.get('range');
    if (range !== null) {
      this.#answerWithRange(blob, range);
      return;
    }
    const list = new HeaderList();
    list.append('content-length', `${blob.size}`);
    list.append('content-type', blob.type);
    this.#answer(200, 'OK', list, new Body({ blob }, blob.size));
    this.#finish();
  }

  #answerWithRange(blob, text) {
    const { size, type } = blob;
    const match = simpleRange.exec(text);
    const [first, last] = match === null ? ['', ''] : [match[1], match[2]];
    if ((first === '' && last === '') || (first !== '' && last !== '' && Number(first) > Number(last))) {
      this.#fail(networkError('failed to fetch the data URL'));
      return;
    }
    const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
    const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
    if (first !== '' && start >= size) {
      this.#fail(networkError("Range start is greater than the blob's size."));
      return;
    }
    const part = blob.slice(start, end, type);
    const list = new HeaderList();
    list.append('content-length', `${part.size}`);
    list.append('content-type', type);
    list.append('content-range', `bytes ${start}-${end - 1}/${size}`);
    this.#answer(206, 'Partial Content', list, new Body({ blob: part }, part.size));
    this.#finish();
  }

  #answerWithData(url) {
    const data = require('internal/fetch/data_url').parseDataURL(url);
    if (data === undefined) {
      this.#fail(networkError('failed to fetch the data URL'));
      return;
    }
    const list = new HeaderList();
    list.append('content-type', data.type);
    this.#answer(200, 'OK', list, new Body({ bytes: data.bytes }, data.bytes.byteLength));
    this.#finish();
  }

  #send(url) {
    const body = this.#body;
    const exchange = {
      url,
      method: this.#method,
      fields: this.#list.flat(),
      content: body,
      body: body === null ? null : body.bytes ?? body.stream,
      length: body === null ? null : body.length,
      onHead: (status, text, fields) => this.#receiveHead(status, text, fields),
      onData: (bytes) => this.#receiveData(bytes),
      onRead: () => this.#stream(),
      onEnd: () => this.#receiveEnd(),
      onError: (cause) => {
        this.#stream();
        this.#fail(this.#hasSettled ? new TypeError('terminated', { cause }) : networkError(cause));
      },
    };
    const { dispatchBy, dispatcherOf } = require('internal/fetch/dispatcher');
    const dispatcher = dispatcherOf(this.#state.dispatcher);
    try {
      this.#connection = dispatcher === undefined ?
        require('internal/fetch/network').dispatch(exchange) :
        dispatchBy(dispatcher, exchange);
    } catch (error) {
      this.#fail(networkError(error));
    }
  }

  #receiveHead(status, text, fields) {
    const list = listOf(fields);
    const location = REDIRECTS.includes(status) ? list.get('location') : null;
    const { redirect } = this.#state;
    if (redirect === 'error' && REDIRECTS.includes(status)) {
      this.#connection.abort();
      this.#fail(networkError('unexpected redirect'));
    } else if (location !== null && redirect === 'follow') {
      this.#redirect(status, location);
    } else {
      this.#begin(status, text, list);
    }
  }

  #redirect(status, location) {
    const from = this.#urls.at(-1);
    const error = this.#redirectError(status, location, from);
    if (error !== undefined) {
      queueMicrotask(() => this.#connection?.abort());
      this.#fail(networkError(error));
      return;
    }
    const url = new URL(location, from);
    if (url.hash === '') url.hash = from.hash;
    const method = this.#method;
    const losesBody = (status === 303 && method !== 'GET' && method !== 'HEAD') ||
      ((status === 301 || status === 302) && method === 'POST');
    if (losesBody) {
      this.#method = 'GET';
      this.#body = null;
      for (const name of ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']) {
        this.#list.delete(name);
      }
    }
    if (url.origin !== from.origin) {
      for (const name of ['authorization', 'proxy-authorization', 'cookie', 'host']) this.#list.delete(name);
    }
    this.#next = url;
  }

  #redirectError(status, location, from) {
    let url;
    try {
      url = new URL(location, from);
    } catch (error) {
      return error;
    }
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'URL scheme must be a HTTP(S) scheme';
    if (this.#urls.length > MOST_REDIRECTS) return 'redirect count exceeded';
    if (this.#state.mode === 'cors' && (url.username !== '' || url.password !== '')) {
      return 'cross origin not allowed for request mode "cors"';
    }
    if (status !== 303 && this.#body !== null && !this.#body.isRepeatable) {
      const isPost = this.#method === 'POST' && (status === 301 || status === 302);
      if (!isPost) return new Error();
    }
    return undefined;
  }

  #begin(status, text, list) {
    const hasBody = this.#method !== 'HEAD' && this.#method !== 'CONNECT' && !NULL_BODY.includes(status);
    if (!hasBody) {
      this.#answer(status, text, list, null);
      return;
    }
    const error = this.#makeDecoders(list);
    if (error !== undefined) {
      queueMicrotask(() => this.#connection?.abort());
      this.#fail(networkError(error));
      return;
    }
    this.#head = { status, text, list };
    if (this.#decoders.length > 0) this.#stream();
  }

  /** The answer has a body that comes by and by. Returns false where there is no room for more of it. */
  #stream() {
    const head = this.#head;
    if (head === undefined) return true;
    this.#head = undefined;
    const stream = new ReadableStream({
      type: 'bytes',
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#resume(),
      cancel: () => {
        this.#finish();
        this.#connection.abort();
      },
    }, { highWaterMark: 64 * 1024 });
    this.#answerWith(head, new Body({ stream }, null));
    let hasRoom = true;
    for (const part of this.#parts) hasRoom = this.#enqueue(part);
    this.#parts = [];
    return hasRoom;
  }

  #answerWith({ status, text, list }, body) {
    if (this.#state.integrity === '') this.#answer(status, text, list, body);
    else this.#verify(body, (verified) => this.#answer(status, text, list, verified));
  }

  /** The whole body has come with the head. */
  #answerWithParts() {
    const parts = this.#parts;
    const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    const head = this.#head;
    this.#head = undefined;
    this.#finish();
    // Methods of its own would give parts of its memory away.
    const { buffer, byteOffset, byteLength } = bytes;
    this.#answerWith(head, new Body({ bytes: new Uint8Array(buffer, byteOffset, byteLength), signal: this.#signal }, null));
  }

  #verify(body, answer) {
    const { integrity } = this.#state;
    this.#hasSettled = true;
    body.readAll().then((bytes) => {
      this.#hasSettled = false;
      if (require('internal/fetch/integrity').matches(bytes, integrity)) {
        answer(new Body({ bytes }, bytes.byteLength));
      } else {
        this.#reject(networkError('integrity mismatch'));
      }
    }, this.#reject);
  }

  // What undoes the codings of the body, each reading what the one before it writes.
  #makeDecoders(list) {
    const codings = list.get('content-encoding')?.toLowerCase().split(',').map((name) => name.trim()) ?? [];
    if (codings.length > MOST_CODINGS) {
      return `too many content-encodings in response: ${codings.length}, maximum allowed is ${MOST_CODINGS}`;
    }
    const decoders = [];
    for (const coding of codings.reverse()) {
      const decoder = makeDecoder(coding);
      // As in Node, what nobody knows is left as it is.
      if (decoder === undefined) return undefined;
      decoders.push(decoder);
    }
    if (decoders.length === 0) return undefined;
    const fail = (cause) => {
      this.#connection.abort();
      this.#fail(new TypeError('terminated', { cause }));
    };
    decoders.forEach((decoder, i) => {
      decoder.on('error', fail);
      if (i > 0) decoders[i - 1].pipe(decoder);
    });
    decoders.at(-1)
      .on('data', (bytes) => {
        if (!this.#enqueue(bytes)) decoders.at(-1).pause();
      })
      .on('end', () => this.#close());
    decoders[0].on('drain', () => this.#connection.resume());
    this.#decoders = decoders;
    return undefined;
  }

  #resume() {
    if (this.#decoders.length > 0) this.#decoders.at(-1).resume();
    else if (!this.#hasEnded) this.#connection.resume();
  }

  #enqueue(bytes) {
    if (this.#hasEnded && this.#decoders.length === 0) return true;
    this.#controller.enqueue(copyOf(bytes));
    return this.#controller.desiredSize > 0;
  }

  #receiveData(bytes) {
    if (this.#head !== undefined) {
      this.#parts.push(bytes);
      return true;
    }
    if (this.#next !== undefined || this.#controller === undefined) return true;
    return this.#decoders.length > 0 ? this.#decoders[0].write(bytes) : this.#enqueue(bytes);
  }

  #receiveEnd() {
    if (this.#next !== undefined) {
      this.#urls.push(this.#next);
      this.#next = undefined;
      // The connection is put aside first, so that it serves the next request too.
      process.nextTick(() => {
        if (!this.#hasEnded) this.#start();
      });
    } else if (this.#head !== undefined) {
      this.#answerWithParts();
    } else if (this.#decoders.length > 0) {
      this.#decoders[0].end();
    } else {
      this.#close();
    }
  }

  #close() {
    if (this.#hasEnded) return;
    this.#finish();
    if (this.#controller === undefined) return;
    this.#controller.close();
    this.#controller.byobRequest?.respond(0);
    // What was not read yet still is ended by the signal.
    failWith(this.#signal, this.#controller);
  }
}

function makeDecoder(coding) {
  const zlib = require('zlib');
  const { BROTLI_OPERATION_FLUSH, Z_SYNC_FLUSH, ZSTD_e_end, ZSTD_e_flush } = zlib.constants;
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH });
    case 'deflate':
      return require('internal/fetch/inflate').createInflate({ flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zlib.createZstdDecompress({ flush: ZSTD_e_flush, finishFlush: ZSTD_e_end });
    default:
      return undefined;
  }
}

/**
 * Asks a server.
 * @param {string | URL | Request} input
 * @param {RequestInit} [init]
 * @returns {Promise<Response>} rejects with a TypeError whose cause tells what the network did
 */
function fetch(input, init = undefined) {
  let state;
  let signal;
  try {
    const request = new Request(input, init);
    state = requestStateOf(request);
    ({ signal } = request);
    signal.throwIfAborted();
  } catch (error) {
    return Promise.reject(error);
  }
  return new Fetch(state, signal).run();
}

module.exports = { fetch };
