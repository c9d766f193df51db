// Tells sessions of the inspector of the requests that the program sends: by `http`, `http2`, `fetch` and WebSockets.
'use strict';

const { channel } = require('diagnostics_channel');
const { Network } = require('inspector');
const { MIMEType } = require('internal/mime');
const observers = require('internal/inspector/observers');

let lastId = 0;

function nextId() {
  return `node-network-event-${++lastId}`;
}

/** @returns {number} the time since the program began, in seconds */
function timestamp() {
  return performance.now() / 1000;
}

/** The type of a body and its charset as `content-type` tells them, empty where it does not. */
function typeOf(text) {
  const type = typeof text === 'string' ? MIMEType.parse(text) : null;
  if (type === null) return { mimeType: '', charset: '' };
  return { mimeType: type.essence, charset: (type.params.get('charset') ?? '').toLowerCase() };
}

/** A header's value as one text. */
function toText(name, value) {
  if (!Array.isArray(value)) return `${value}`;
  if (name === 'set-cookie') return value.join('\n');
  return value.join(name === 'cookie' ? '; ' : ', ');
}

/** Headers by name as texts, without those of HTTP/2 itself. */
function toTexts(headers) {
  const texts = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(':')) texts[name] = toText(name.toLowerCase(), value);
  }
  return texts;
}

/** Names and values in turn, as texts by name. */
function fieldsToTexts(fields) {
  const lists = {};
  for (let i = 0; i < fields.length; i += 2) (lists[fields[i]] ??= []).push(fields[i + 1]);
  return toTexts(lists);
}

/** Tells that a request is sent; returns its id. */
function begin(url, method, headers, hasPostData) {
  const requestId = nextId();
  const { charset } = typeOf(headers['content-type']);
  Network.requestWillBeSent({
    requestId,
    timestamp: timestamp(),
    wallTime: Date.now(),
    charset,
    request: { url, method, headers, hasPostData },
  });
  return requestId;
}

function answer(requestId, type, url, status, statusText, headers, contentType) {
  const { mimeType, charset } = typeOf(contentType);
  Network.responseReceived({
    requestId,
    timestamp: timestamp(),
    type,
    response: { url, status, statusText, headers, mimeType, charset },
  });
}

function receive(requestId, data) {
  const { byteLength: dataLength } = data;
  Network.dataReceived({ requestId, timestamp: timestamp(), dataLength, encodedDataLength: dataLength, data });
}

function send(requestId, data) {
  Network.dataSent({ requestId, timestamp: timestamp(), dataLength: data.byteLength, data });
}

function finish(requestId) {
  Network.loadingFinished({ requestId, timestamp: timestamp() });
}

function fail(requestId, type, error) {
  Network.loadingFailed({ requestId, timestamp: timestamp(), type, errorText: error?.message ?? `${error}` });
}

/** Has `listen` hear of the data of a stream, which flows no sooner for that. */
function watchData(stream, listen) {
  const { push } = stream;
  stream.push = function(chunk, encoding) {
    if (chunk !== null && chunk !== undefined) listen(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    return Reflect.apply(push, this, [chunk, encoding]);
  };
}

/** On requests and streams: the id that sessions know them by. */
const kId = Symbol('inspector request id');

function urlOf(request) {
  return `${request.protocol}//${request.getHeader('host') ?? request.host}${request.path}`;
}

const httpListeners = {
  'http.client.request.created'({ request }) {
    if (observers.isPart) return;
    request[kId] = begin(urlOf(request), request.method, toTexts(request.getHeaders()), false);
  },

  'http.client.request.error'({ request, error }) {
    if (request[kId] !== undefined) fail(request[kId], 'Other', error);
  },

  'http.client.response.finish'({ request, response }) {
    const { [kId]: id } = request;
    if (id === undefined) return;
    const { statusCode, statusMessage, headers } = response;
    answer(id, 'Other', urlOf(request), statusCode, statusMessage ?? '', toTexts(headers), headers['content-type']);
    watchData(response, (data) => receive(id, data));
    response.once('end', () => finish(id));
  },
};

/** Methods whose requests have no body. */
const WITHOUT_BODY = ['GET', 'HEAD', 'DELETE'];

/** On streams: the URL of the request. */
const kUrl = Symbol('inspector url');

/** The bytes of what was given to a stream to be sent. */
function* chunksSent({ writev, data, encoding }) {
  const chunks = writev ? data.map((item) => (item.chunk === undefined ? [item, encoding] : [item.chunk, item.encoding])) :
    [[data, encoding]];
  for (const [chunk, encoding] of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
}

const http2Listeners = {
  'http2.client.stream.created'({ stream, headers }) {
    const method = headers[':method'] ?? 'GET';
    stream[kUrl] = `${headers[':scheme']}://${headers[':authority']}${headers[':path']}`;
    // What a server pushes is a request of nobody's, with a stream that has been begun.
    const isPushed = stream.id !== undefined && stream.id % 2 === 0;
    stream[kId] = begin(stream[kUrl], method, toTexts(headers), isPushed || !WITHOUT_BODY.includes(method));
  },

  'http2.client.stream.bodyChunkSent'(message) {
    const { [kId]: id } = message.stream;
    if (id === undefined) return;
    for (const chunk of chunksSent(message)) send(id, chunk);
  },

  'http2.client.stream.bodySent'({ stream }) {
    if (stream[kId] !== undefined) Network.dataSent({ requestId: stream[kId], finished: true });
  },

  'http2.client.stream.error'({ stream, error }) {
    if (stream[kId] === undefined) return;
    fail(stream[kId], 'Other', error);
    stream[kId] = undefined;
  },

  'http2.client.stream.finish'({ stream, headers }) {
    const { [kId]: id } = stream;
    if (id === undefined) return;
    answer(id, 'Other', stream[kUrl], headers[':status'], '', toTexts(headers), headers['content-type']);
    watchData(stream, (data) => receive(id, data));
  },

  'http2.client.stream.close'({ stream }) {
    const { [kId]: id } = stream;
    if (id === undefined) return;
    stream[kId] = undefined;
    // The error of a stream that is reset comes after its end.
    if (stream.rstCode === 0) finish(id);
    else stream.once('error', (error) => fail(id, 'Other', error));
  },
};

/** Follows a request of `fetch`. */
function followFetch(exchange) {
  const url = exchange.url.href;
  const headers = fieldsToTexts(exchange.fields);
  const id = begin(url, exchange.method, headers, exchange.body !== null);
  if (exchange.body instanceof Uint8Array) {
    send(id, exchange.body);
    Network.dataSent({ requestId: id, finished: true });
  }
  const { onHead, onData, onEnd, onError } = exchange;
  return {
    ...exchange,
    body: exchange.body === null || exchange.body instanceof Uint8Array ? exchange.body : sentChunks(id, exchange.body),
    onHead(status, text, fields) {
      const headers = fieldsToTexts(fields);
      const name = Object.keys(headers).find((name) => name.toLowerCase() === 'content-type');
      answer(id, 'Fetch', url, status, text, headers, name === undefined ? undefined : headers[name]);
      onHead(status, text, fields);
    },
    onData(bytes) {
      receive(id, bytes);
      return onData(bytes);
    },
    onEnd() {
      finish(id);
      onEnd();
    },
    onError(error) {
      fail(id, 'Fetch', error);
      onError(error);
    },
  };
}

/** Tells of the chunks of a body as they are sent. */
async function* sentChunks(id, body) {
  for await (const chunk of body) {
    if (chunk instanceof Uint8Array) send(id, chunk);
    yield chunk;
  }
  Network.dataSent({ requestId: id, finished: true });
}

/** Follows a WebSocket. */
function followWebSocket(url) {
  const requestId = nextId();
  Network.webSocketCreated({ requestId, url: url.href });
  return {
    onResponse({ statusCode: status, statusMessage: statusText, headers }) {
      Network.webSocketHandshakeResponseReceived({
        requestId,
        timestamp: timestamp(),
        response: { status, statusText, headers: toTexts(headers) },
      });
    },
    onClose() {
      Network.webSocketClosed({ requestId, timestamp: timestamp() });
    },
  };
}

/** @param {boolean} isOn  whether any session hears of requests */
function toggle(isOn) {
  observers.fetch = isOn ? followFetch : undefined;
  observers.webSocket = isOn ? followWebSocket : undefined;
  for (const [name, listener] of Object.entries({ ...httpListeners, ...http2Listeners })) {
    if (isOn) channel(name).subscribe(listener);
    else channel(name).unsubscribe(listener);
  }
}

module.exports = { toggle };
