// Where `WebAssembly.compileStreaming` and `instantiateStreaming` get their bytes: from a response of `fetch`.
'use strict';

const binding = internalBinding('wasm_streaming');

function check(response) {
  const {
    codes: { ERR_INVALID_ARG_TYPE, ERR_WEBASSEMBLY_RESPONSE },
  } = require('internal/errors');
  if (!(response instanceof require('web/response').Response)) {
    throw new ERR_INVALID_ARG_TYPE('source', ['Response', 'Promise resolving to Response'], response);
  }
  const type = response.headers.get('Content-Type');
  if (type !== 'application/wasm') throw new ERR_WEBASSEMBLY_RESPONSE(`has unsupported MIME type '${type}'`);
  if (!response.ok) throw new ERR_WEBASSEMBLY_RESPONSE(`has status code ${response.status}`);
  if (response.bodyUsed) throw new ERR_WEBASSEMBLY_RESPONSE('body has already been used');
}

async function feed(number, response) {
  const {
    codes: { ERR_INVALID_ARG_TYPE },
  } = require('internal/errors');
  const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
  check(response);
  if (response.url) binding.setUrl(number, response.url);
  if (response.body === null) return;
  for await (const chunk of response.body) {
    if (!isArrayBufferView(chunk) && !isAnyArrayBuffer(chunk)) {
      const error = new ERR_INVALID_ARG_TYPE('chunk', ['ArrayBufferView', 'ArrayBuffer'], chunk);
      error.message = 'chunk must be an ArrayBufferView or an ArrayBuffer';
      throw error;
    }
    binding.push(number, chunk);
  }
}

/**
 * Called by the host for a compilation that V8 has begun.
 * @param {number} number of the compilation
 * @param {unknown} source what the program has given, or what its promise was resolved with
 */
function start(number, source) {
  feed(number, source).then(
    () => binding.finish(number),
    (error) => binding.abort(number, error)
  );
}

module.exports = { start };
