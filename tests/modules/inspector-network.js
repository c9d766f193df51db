// The inspector's domains `Network`, `IO` and `DOMStorage`: what sessions hear of requests and stores, of the program's own
// accord and of `inspector.Network`.
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');
const http = require('http');
const { DOMStorage, Network, NetworkResources, Session } = require('inspector/promises');

const OPTIONS = [
  '--experimental-network-inspection', '--experimental-storage-inspection', '--experimental-inspector-network-resource',
];

if (!process.execArgv.includes(OPTIONS[0])) {
  // Without the options nobody hears of anything.
  Network.requestWillBeSent({});
  DOMStorage.domStorageItemAdded({});
  assert.throws(() => Network.requestWillBeSent(1), { code: 'ERR_INVALID_ARG_TYPE' });
  const { status, stderr } = spawnSync(process.execPath, [...OPTIONS, __filename], { encoding: 'utf8' });
  assert.strictEqual(status, 0, stderr);
  return;
}

const session = new Session();
session.connect();
const failed = (method, params) => assert.rejects(session.post(method, params), { code: 'ERR_INSPECTOR_COMMAND' });

/** The next notification of that name. */
const heard = (name) => new Promise((resolve) => session.once(name, ({ params }) => resolve(params)));

async function emitted() {
  Network.requestWillBeSent({});
  await session.post('Network.enable');
  assert.throws(() => Network.requestWillBeSent({}), { name: 'TypeError', message: 'Missing requestId in event' });
  assert.throws(() => Network.requestWillBeSent({ requestId: 'a', timestamp: 1, wallTime: 2 }),
    { message: 'Missing request in event' });
  const request = { url: 'u', method: 'POST', headers: { a: 1 }, hasPostData: true };
  const event = { requestId: 'a', timestamp: 1, wallTime: 2, charset: 'utf-8', request };
  assert.throws(() => Network.requestWillBeSent(event), { message: 'Invalid header value in event' });
  request.headers.a = 'b';
  let next = heard('Network.requestWillBeSent');
  Network.requestWillBeSent(event);
  const { initiator } = await next;
  assert.strictEqual(initiator.type, 'script');
  assert(initiator.stack.callFrames.some(({ url, functionName }) => url === __filename && functionName === 'emitted'));
  await failed('Network.getRequestPostData', { requestId: 'a' });
  Network.dataSent({ requestId: 'a', timestamp: 1, dataLength: 3, data: Buffer.from('abc') });
  Network.dataSent({ requestId: 'a', finished: true });
  assert.deepStrictEqual(await session.post('Network.getRequestPostData', { requestId: 'a' }), { postData: 'abc' });

  next = heard('Network.responseReceived');
  const response = { url: 'u', status: 200, statusText: 'OK', headers: { h: 'v' } };
  Network.responseReceived({ requestId: 'a', timestamp: 3, type: 'Fetch', response });
  assert.deepStrictEqual(await next,
    { requestId: 'a', timestamp: 3, type: 'Fetch', response: { ...response, mimeType: '', charset: '' } });
  const data = { requestId: 'a', timestamp: 4, dataLength: 1, encodedDataLength: 1 };
  Network.dataReceived({ ...data, data: Buffer.from('x') });
  await failed('Network.getResponseBody', { requestId: 'a' });
  assert.deepStrictEqual(await session.post('Network.streamResourceContent', { requestId: 'a' }), { bufferedData: 'eA==' });
  next = heard('Network.dataReceived');
  Network.dataReceived({ ...data, data: Buffer.from('y') });
  assert.deepStrictEqual(await next, { ...data, data: 'eQ==' });
  Network.loadingFinished({ requestId: 'a', timestamp: 5 });
  await failed('Network.streamResourceContent', { requestId: 'a' });
}

async function requested() {
  const server = http.createServer((req, res) => {
    res.setHeader('content-type', 'text/plain; charset=UTF-8');
    res.end('answer');
  });
  await new Promise((resolve) => server.listen(0, resolve));
  const url = `http://localhost:${server.address().port}/path`;
  for (const [type, send] of [
    ['Other', () => http.get(url, { agent: false }, (res) => res.resume())],
    ['Fetch', () => fetch(url, { method: 'POST', body: 'sent' }).then((response) => response.text())],
  ]) {
    const events = ['requestWillBeSent', 'responseReceived', 'loadingFinished'].map((name) => heard(`Network.${name}`));
    send();
    const [sent, received, finished] = await Promise.all(events);
    assert.strictEqual(sent.request.url, url);
    assert.match(sent.requestId, /^node-network-event-\d+$/);
    assert.strictEqual(received.type, type);
    assert.deepStrictEqual([received.response.mimeType, received.response.charset], ['text/plain', 'utf-8']);
    const { requestId } = finished;
    assert.strictEqual(requestId, sent.requestId);
    if (type === 'Fetch') {
      assert.strictEqual((await session.post('Network.getRequestPostData', { requestId })).postData, 'sent');
    }
    const body = await session.post('Network.getResponseBody', { requestId });
    assert.deepStrictEqual(body, { body: 'answer', base64Encoded: false });
    await failed('Network.getResponseBody', { requestId });
  }
  const next = heard('Network.loadingFailed');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  http.get({ port, agent: false }).on('error', () => {});
  assert.match((await next).errorText, /ECONNREFUSED/);
}

async function resources() {
  assert.throws(() => NetworkResources.put('u', 1), { code: 'ERR_INVALID_ARG_TYPE' });
  NetworkResources.put('u', 'abcdef');
  assert.deepStrictEqual(await session.post('Network.loadNetworkResource', { url: 'v' }), { resource: { success: false } });
  const { resource } = await session.post('Network.loadNetworkResource', { url: 'u' });
  const handle = resource.stream;
  assert.strictEqual((await session.post('IO.read', { handle, size: 2 })).data, 'ab');
  assert.strictEqual((await session.post('IO.read', { handle, offset: 4 })).data, 'ef');
  assert.deepStrictEqual(await session.post('IO.read', { handle: 'none' }), { data: '', eof: true });
  await session.post('IO.close', { handle });
  await failed('IO.read', {});
}

async function stores() {
  await failed('DOMStorage.getDOMStorageItems', { storageId: { isLocalStorage: false, securityOrigin: '' } });
  await session.post('DOMStorage.enable');
  const next = heard('DOMStorage.domStorageItemAdded');
  sessionStorage.setItem('key', 'value');
  const { key, newValue, storageId } = await next;
  assert.deepStrictEqual([key, newValue, storageId.isLocalStorage], ['key', 'value', false]);
  assert.throws(() => DOMStorage.domStorageItemAdded({}), { message: 'Missing storageId in event' });
  DOMStorage.registerStorage({ isLocalStorage: true, storageMap: { a: 1 } });
  assert.deepStrictEqual(
    await session.post('DOMStorage.getDOMStorageItems', { storageId: { isLocalStorage: true, securityOrigin: '' } }),
    { entries: [['a', '1']] });
  await failed('DOMStorage.clear', { storageId: { isLocalStorage: true, securityOrigin: '' } });
}

emitted().then(requested).then(resources).then(stores).then(() => session.disconnect());
