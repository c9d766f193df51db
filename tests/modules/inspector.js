// Sessions with the inspector of one's own thread: commands, answers now and later, events, coverage, profiles.
'use strict';
const assert = require('assert');
const EventEmitter = require('events');
const inspector = require('inspector');
const { Session: PromiseSession } = require('inspector/promises');

assert.strictEqual(inspector.url(), undefined);
assert.throws(() => inspector.waitForDebugger(), { code: 'ERR_INSPECTOR_NOT_ACTIVE', message: 'Inspector is not active' });
assert.strictEqual(inspector.close(), undefined);

const session = new inspector.Session();
assert(session instanceof EventEmitter);
assert.throws(() => session.post('Runtime.enable'), { code: 'ERR_INSPECTOR_NOT_CONNECTED' });
assert.throws(() => session.post(1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => session.post('a', 1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => session.connectToMainThread(), { code: 'ERR_INSPECTOR_NOT_WORKER' });
session.connect();
assert.throws(() => session.connect(), { code: 'ERR_INSPECTOR_ALREADY_CONNECTED', message: 'The inspector session is already connected' });

function ask(method, params) {
  let answer;
  session.post(method, params, (error, result) => { answer = error ?? result; });
  return answer;
}

// Answers come within `post`, events before them.
{
  const seen = [];
  session.on('Runtime.executionContextCreated', ({ params }) => seen.push(params.context.auxData));
  session.on('inspectorNotification', ({ method }) => seen.push(method));
  assert.deepStrictEqual(ask('Runtime.enable'), {});
  assert.deepStrictEqual(seen.slice(0, 2), [{ isDefault: true }, 'Runtime.executionContextCreated']);
  session.removeAllListeners();
}
assert.deepStrictEqual(ask('Runtime.evaluate', { expression: '1 + 1' }), { result: { type: 'number', value: 2, description: '2' } });
assert.deepStrictEqual(ask('Runtime.evaluate', { expression: '({ a: ["ü"] })', returnByValue: true }).result.value, { a: ['ü'] });
assert.strictEqual(ask('Runtime.evaluate', { expression: 'throw new RangeError("x")' }).exceptionDetails.exception.className, 'RangeError');
assert.strictEqual(ask('Nothing.here').message, "Inspector error -32601: 'Nothing.here' wasn't found");

// Coverage and profiles.
{
  ask('Profiler.enable');
  ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const covered = (x) => (x ? 1 : 2);
  covered(true);
  covered(true);
  const { result } = ask('Profiler.takePreciseCoverage');
  const own = result.find(({ url }) => url.endsWith('/inspector.js') && !url.startsWith('node:'));
  assert.deepStrictEqual(own.functions.find((it) => it.functionName === 'covered').ranges.map((it) => it.count), [2, 0]);
  ask('Profiler.stopPreciseCoverage');
  ask('Profiler.start');
  assert(ask('Profiler.stop').profile.nodes.length > 0);
}

async function main() {
  const later = await new Promise((resolve) => {
    session.post('Runtime.evaluate', { expression: 'new Promise(setImmediate).then(() => 7)', awaitPromise: true }, (error, { result }) => resolve(result.value));
  });
  assert.strictEqual(later, 7);
  let snapshot = '';
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => { snapshot += params.chunk; });
  await new Promise((resolve) => { session.post('HeapProfiler.takeHeapSnapshot', resolve); });
  assert(JSON.parse(snapshot).nodes.length > 1000);
  let unanswered;
  session.post('Runtime.evaluate', { expression: 'new Promise(() => {})', awaitPromise: true }, (error) => { unanswered = error.code; });
  session.disconnect();
  assert.strictEqual(unanswered, 'ERR_INSPECTOR_COMMAND');
  session.disconnect();
  session.connect();
  assert.strictEqual(ask('Runtime.evaluate', { expression: 'this === globalThis' }).result.value, true);

  const promising = new PromiseSession();
  promising.connect();
  assert(promising instanceof inspector.Session);
  assert.strictEqual((await promising.post('Runtime.evaluate', { expression: '5' })).result.value, 5);
  await assert.rejects(promising.post('Bad.name'), { code: 'ERR_INSPECTOR_COMMAND' });
}
main();
