// WebAssembly.compileStreaming and instantiateStreaming: modules from responses.
'use strict';

const assert = require('node:assert');

const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const headers = { 'content-type': 'application/wasm' };
const respond = (body = bytes, init = undefined) => new Response(body, { headers, ...init });
const inPieces = (...pieces) => new ReadableStream({
  start(controller) {
    for (const piece of pieces) controller.enqueue(piece);
    controller.close();
  },
});
const { compileStreaming, instantiateStreaming, Module, Instance } = WebAssembly;
const refuses = (source, expected) => assert.rejects(compileStreaming(source), expected);

async function check() {
  assert((await compileStreaming(respond())) instanceof Module);
  assert((await compileStreaming(Promise.resolve(respond()))) instanceof Module);
  const { module, instance } = await instantiateStreaming(respond(), {});
  assert(module instanceof Module && instance instanceof Instance);
  const pieces = inPieces(bytes.subarray(0, 3), bytes.buffer.slice(3, 5), Buffer.from(bytes.subarray(5)));
  assert((await compileStreaming(respond(pieces))) instanceof Module);

  const notResponse = {
    name: 'TypeError',
    code: 'ERR_INVALID_ARG_TYPE',
    message: 'The "source" argument must be an instance of Response or an Promise resolving to Response. ' +
      'Received type number (5)',
  };
  await refuses(5, notResponse);
  await refuses(Promise.resolve(5), notResponse);
  const reason = new RangeError('as it is');
  await refuses(Promise.reject(reason), (error) => error === reason);
  const badResponse = (message) => ({ name: 'TypeError', code: 'ERR_WEBASSEMBLY_RESPONSE', message });
  await refuses(new Response(bytes), badResponse("WebAssembly response has unsupported MIME type 'null'"));
  await refuses(
    respond(bytes, { headers: { 'content-type': 'application/wasm;' } }),
    badResponse("WebAssembly response has unsupported MIME type 'application/wasm;'")
  );
  await refuses(respond(bytes, { status: 404 }), badResponse('WebAssembly response has status code 404'));
  const used = respond();
  await used.text();
  await refuses(used, badResponse('WebAssembly response body has already been used'));
  await refuses(respond(inPieces('text')), { code: 'ERR_INVALID_ARG_TYPE' });
  const failing = new ReadableStream({ start: (controller) => controller.error(reason) });
  await refuses(respond(failing), (error) => error === reason);

  const mistake = { name: 'CompileError', message: /^WebAssembly\.compileStreaming\(\): / };
  await refuses(respond(null), mistake);
  await refuses(respond('no module at all'), mistake);
  await refuses(respond(bytes.subarray(0, 5)), mistake);
}

check();
