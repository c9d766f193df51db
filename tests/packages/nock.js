// nock: requests over http, https and fetch that never leave the process.
const http = require('node:http');
const https = require('node:https');
const { once } = require('node:events');
const { text } = require('node:stream/consumers');
const { default: nock } = require('nock');

nock.disableNetConnect();

async function ask(module, url, options, body) {
  const request = module.request(url, options).end(body);
  const [response] = await once(request, 'response');
  console.log(response.statusCode, response.headers, await text(response));
}

async function main() {
  const scope = nock('http://example.test')
    .get('/a').query({ x: '1' }).reply(200, { hi: 1 }, { 'x-y': 'z' })
    .post('/b', { q: 1 }).matchHeader('x-token', 'secret').reply(201, { ok: true })
    .get('/late').delay(5).reply(204);
  await ask(http, 'http://example.test/a?x=1');
  const headers = { 'content-type': 'application/json', 'x-token': 'secret' };
  await ask(http, 'http://example.test/b', { method: 'POST', headers }, JSON.stringify({ q: 1 }));
  await ask(http, 'http://example.test/late');
  console.log(scope.isDone());

  nock('https://example.test').get('/s').times(2).reply(200, 'secure', { 'content-type': 'text/plain' });
  await ask(https, 'https://example.test/s');
  const response = await fetch('https://example.test/s');
  console.log(response.status, response.headers.get('content-type'), await response.text());

  nock('http://example.test').get('/error').replyWithError(Object.assign(new Error('broken'), { code: 'ECONNRESET' }));
  await ask(http, 'http://example.test/error').catch((error) => console.log(error.code, error.message));
  await ask(http, 'http://example.test/unknown').catch((error) => console.log(error.code));
  console.log(nock.pendingMocks());
}

main();
