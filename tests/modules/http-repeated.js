// The same request again and again on one connection, whole, in pieces, twice at once and between others.
'use strict';

const assert = require('assert');
const http = require('http');
const net = require('net');

const GET = 'GET /path?a=1 HTTP/1.1\r\nHost: here\r\nX-Name: value\r\n\r\n';
const OTHER = 'GET /path?a=2 HTTP/1.1\r\nHost: here\r\nX-Name: other\r\n\r\n';
const POST = 'POST /path?a=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nbody';
const EMPTY_POST = 'POST /path HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n';
const LAST = 'GET /last HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n';

const steps = [
  [GET], [GET], [GET], [OTHER], [GET], [GET.slice(0, 20), GET.slice(20)], [GET],
  [POST], [GET], [POST], [POST],
  [EMPTY_POST], [EMPTY_POST], [GET], [GET],
];
const together = [GET + GET, GET, GET + POST, GET + OTHER + GET, GET];

const server = http.createServer((req, res) => {
  let body = '';
  req.on('data', (part) => { body += part; });
  req.on('end', () => {
    assert.strictEqual(req.complete, true);
    res.end(JSON.stringify([req.method, req.url, req.httpVersion, req.rawHeaders, body]));
  });
});

/** What a request is to be answered with. */
function expected(text) {
  const [head, body] = text.split('\r\n\r\n');
  const [first, ...lines] = head.split('\r\n');
  const [method, url, version] = first.split(' ');
  return [method, url, version.slice(5), lines.flatMap((line) => line.split(': ')), body];
}

/** The requests in a text. */
function requestsIn(text) {
  return text.split(/(?<=\r\n\r\n(?:body)?)(?=GET|POST)/);
}

server.listen(0, '127.0.0.1', async () => {
  const socket = net.connect(server.address().port, '127.0.0.1').setNoDelay();
  let received = '';
  let wake = () => {};
  socket.setEncoding('utf8').on('data', (text) => {
    received += text;
    wake();
  });
  const answers = async (count) => {
    while ((received.match(/\]$|\](?=HTTP)/g) ?? []).length < count) {
      await new Promise((resolve) => { wake = resolve; });
    }
    const bodies = received.match(/\[".*?\]$|\[".*?\](?=HTTP)/g).map((body) => JSON.parse(body));
    received = '';
    return bodies;
  };
  for (const parts of steps) {
    for (const part of parts) {
      socket.write(part);
      if (parts.length > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepStrictEqual(await answers(1), [expected(parts.join(''))]);
  }
  for (const text of together) {
    socket.write(text);
    const requests = requestsIn(text);
    assert.deepStrictEqual(await answers(requests.length), requests.map(expected));
  }
  socket.write(LAST);
  assert.deepStrictEqual(await answers(1), [expected(LAST)]);
  socket.on('end', () => server.close());
});
