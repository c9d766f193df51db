// Flags: --experimental-eventsource
// `EventSource`: fields and lines of the stream, connecting again, and what ends it.
'use strict';

const assert = require('assert');
const http = require('http');

const answers = [
  '\ufeff: comment\nretry: 5\ndata: one\ndata:two\nid: 7\n\nevent: x\ndata\n\ndata: last\r\ndata: x\r\rdata: never',
  'data: again\n\n',
];
const ids = [];
const server = http.createServer((request, response) => {
  if (request.url === '/204') response.writeHead(204).end();
  else if (request.url === '/type') response.end('data: x\n\n');
  else if (request.url === '/fails') response.writeHead(500, { 'content-type': 'text/event-stream' }).end();
  else {
    assert.strictEqual(request.headers.accept, 'text/event-stream');
    ids.push(request.headers['last-event-id']);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    // One byte at a time, so that every line is split.
    for (const byte of Buffer.from(answers.shift())) response.write(Buffer.from([byte]));
    response.end();
  }
});

server.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const source = new EventSource(`${origin}/events`);
  assert.deepStrictEqual([source.readyState, source.withCredentials], [EventSource.CONNECTING, false]);
  const events = [];
  const tell = ({ type, data, lastEventId, origin: from }) => {
    assert.strictEqual(from, origin);
    events.push([type, data, lastEventId]);
  };
  source.addEventListener('x', tell);
  source.onopen = () => events.push('open');
  source.onerror = () => events.push(['error', source.readyState]);
  await new Promise((resolve) => {
    source.onmessage = (event) => {
      tell(event);
      if (event.data === 'again') resolve();
    };
  });
  source.close();
  assert.strictEqual(source.readyState, EventSource.CLOSED);
  assert.deepStrictEqual(events, [
    'open', ['message', 'one\ntwo', '7'], ['x', '', '7'], ['message', 'last\nx', '7'], ['error', 0],
    'open', ['message', 'again', '7'],
  ]);
  assert.deepStrictEqual(ids, [undefined, '7']);

  for (const path of ['/204', '/type', '/fails']) {
    const refused = new EventSource(origin + path);
    await new Promise((resolve) => (refused.onerror = resolve));
    assert.strictEqual(refused.readyState, EventSource.CLOSED, path);
  }
  assert.throws(() => new EventSource('::'), { name: 'SyntaxError' });
  server.close();
  server.closeAllConnections();
});
