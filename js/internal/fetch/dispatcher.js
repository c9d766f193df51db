// Requests of fetch that a dispatcher of the program's sends: the option `dispatcher`, or what the package undici has
// put in the place of the global one.
'use strict';

const globalDispatcher = Symbol.for('undici.globalDispatcher.2');

/** @returns {object | undefined} the dispatcher of a request, undefined for the connections of fetch itself */
function dispatcherOf(chosen) {
  return chosen ?? globalThis[globalDispatcher];
}

/** Names and values in turn, as strings, out of what a dispatcher has. */
function flat(controller, headers) {
  const { rawHeaders } = controller;
  if (Array.isArray(rawHeaders)) return rawHeaders.map((part) => part.toString('latin1'));
  const fields = [];
  for (const [name, value] of Object.entries(headers ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) fields.push(name, `${one}`);
  }
  return fields;
}

async function* chunksOf(body) {
  if (body instanceof Uint8Array) yield body;
  else yield* body;
}

/**
 * What a dispatcher calls.
 * @param {Exchange} exchange
 * @param {{ controller?: object, reason?: unknown, isAborted: boolean }} state
 */
function handlerFor(exchange, state) {
  return {
    body: null,
    abort: null,
    onRequestStart(controller) {
      state.controller = controller;
      if (state.isAborted) controller.abort(state.reason);
    },
    onResponseStarted() {},
    onResponseStart(controller, status, headers, statusText = '') {
      if (status < 200) return;
      exchange.onHead(status, statusText, flat(controller, headers));
      exchange.onRead();
    },
    onResponseData(controller, chunk) {
      if (!exchange.onData(chunk)) controller.pause();
    },
    onResponseEnd() {
      exchange.onEnd();
    },
    onResponseError(controller, error) {
      // Who has ended it knows why.
      if (!state.isAborted) exchange.onError(error);
    },
    onRequestUpgrade(controller, status, headers, socket) {
      socket.destroy();
    },
  };
}

/**
 * @param {object} agent with a method `dispatch`
 * @param {Exchange} exchange
 * @returns {{ resume(): void, abort(reason: unknown): void }}
 */
function dispatchBy(agent, exchange) {
  const { url, method, fields, content, body } = exchange;
  const chunks = body === null ? null : chunksOf(body);
  const headers = {};
  for (let i = 0; i < fields.length; i += 2) headers[fields[i]] = fields[i + 1];
  const state = { controller: undefined, reason: undefined, isAborted: false };
  agent.dispatch({
    path: `${url.pathname}${url.search}`,
    origin: url.origin,
    method,
    // Who stands in for servers compares what the program gave.
    body: content !== null && agent.isMockActive ? content.source : chunks,
    __mockAgentBodyForDispatch: chunks,
    headers,
    maxRedirections: 0,
    upgrade: undefined,
  }, handlerFor(exchange, state));
  return {
    resume: () => state.controller?.resume(),
    abort(reason) {
      state.isAborted = true;
      state.reason = reason;
      state.controller?.abort(reason);
    },
  };
}

module.exports = { dispatchBy, dispatcherOf };
