// fetch: a signal ends the body of a response until that is read to its end, however much of it has come.
'use strict';

const assert = require('node:assert');
const http = require('node:http');
const { once } = require('node:events');
const { test } = require('node:test');

/** @returns {Promise<object>} a response that has come as a whole, and what aborts it */
async function respond(t, pieces = ['whole']) {
  let finish;
  const sent = new Promise((resolve) => { finish = resolve; });
  const server = http.createServer(async (request, response) => {
    for (const piece of pieces.slice(0, -1)) {
      await new Promise((resolve) => response.write(piece, () => setTimeout(resolve, 10)));
    }
    response.end(pieces.at(-1), finish);
  });
  server.listen(0);
  await once(server, 'listening');
  t.after(() => server.close());
  const controller = new AbortController();
  const response = await fetch(`http://localhost:${server.address().port}/`, { signal: controller.signal });
  await sent;
  await new Promise((resolve) => setTimeout(resolve, 30));
  const reason = new RangeError('enough');
  return { response, reason, abort: () => controller.abort(reason) };
}

for (const pieces of [['whole'], ['in ', 'pieces']]) {
  const whole = pieces.join('');

  test(`${whole}: not read at all`, async (t) => {
    const { response, reason, abort } = await respond(t, pieces);
    abort();
    assert.strictEqual(response.bodyUsed, false);
    await assert.rejects(response.text(), reason);
  });

  test(`${whole}: ended in the same breath`, async (t) => {
    const { response, reason, abort } = await respond(t, pieces);
    const reading = response.text();
    abort();
    await assert.rejects(reading, reason);
  });

  test(`${whole}: read by half`, async (t) => {
    const { response, reason, abort } = await respond(t, pieces);
    const reader = response.body.getReader();
    await reader.read();
    abort();
    await assert.rejects(reader.read(), reason);
    await assert.rejects(reader.closed, reason);
  });

  test(`${whole}: read to its end`, async (t) => {
    const { response, abort } = await respond(t, pieces);
    assert.strictEqual(await response.text(), whole);
    abort();
    const other = await respond(t, pieces);
    let all = '';
    for await (const chunk of other.response.body.pipeThrough(new TextDecoderStream())) all += chunk;
    other.abort();
    assert.strictEqual(all, whole);
  });

  test(`${whole}: two halves`, async (t) => {
    const { response, reason, abort } = await respond(t, pieces);
    const copy = response.clone();
    abort();
    await assert.rejects(copy.text(), reason);
    await assert.rejects(response.text(), reason);
    const other = await respond(t, pieces);
    const read = other.response.clone();
    assert.strictEqual(await read.text(), whole);
    other.abort();
    assert.strictEqual(await other.response.text(), whole);
  });
}
