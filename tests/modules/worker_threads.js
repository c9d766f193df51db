// `worker_threads`: workers and what they are given, messages, locks, streams and the end of a worker.
'use strict';

const assert = require('assert');
const { once } = require('events');
const {
  BroadcastChannel, MessageChannel, SHARE_ENV, Worker, isMainThread, locks, parentPort, postMessageToThread,
  receiveMessageOnPort, setEnvironmentData, threadId, workerData,
} = require('worker_threads');

const tests = {
  async 'a worker has the options of its own environment'() {
    const options = '[process.traceDeprecation, process.execArgv]';
    const env = { NODE_OPTIONS: '--trace-deprecation' };
    assert.deepStrictEqual(await evaluate(options, { env }), [true, []]);
    assert.deepStrictEqual(await evaluate(options, { env: {} }), [undefined, []]);
    assert.deepStrictEqual(await evaluate(options, { env, execArgv: ['--no-warnings'] }), [true, ['--no-warnings']]);
    assert.deepStrictEqual(await evaluate('process.env', { env: { A: '1' } }), { A: '1' });
  },
  async 'a signal is aborted in the worker too'() {
    const controller = require('util').transferableAbortController();
    const { signal } = controller;
    const worker = new Worker(`const { parentPort } = require('worker_threads');
      parentPort.on('message', (signal) => {
        parentPort.postMessage([signal instanceof AbortSignal, signal.aborted]);
        signal.onabort = () => parentPort.postMessage(signal.reason);
      });`, { eval: true });
    worker.postMessage(signal, [signal]);
    assert.deepStrictEqual(await once(worker, 'message'), [[true, false]]);
    controller.abort({ why: 'done' });
    assert.deepStrictEqual(await once(worker, 'message'), [{ why: 'done' }]);
    await worker.terminate();
    assert.throws(() => structuredClone(signal), { name: 'DataCloneError' });
  },
  async 'workers follow each other'() {
    for (let i = 0; i < 40; i++) {
      const [id, value] = await evaluate('[require("worker_threads").threadId, process.env.TURN]', {
        env: { TURN: `${i}` }, resourceLimits: i % 5 === 0 ? { maxOldGenerationSizeMb: 64 } : undefined,
      });
      assert.ok(id > 0);
      assert.strictEqual(value, `${i}`);
    }
  },
  async 'a worker knows what it was given'() {
    setEnvironmentData('key', { deep: [1] });
    const worker = start('report', { argv: ['a', 1], name: 'teller', workerData: { kind: 'report', map: new Map([[1, 2]]) } });
    const [told] = await once(worker, 'message');
    assert.deepStrictEqual(told.argv, ['a', '1']);
    assert.deepStrictEqual(told.environmentData, { deep: [1] });
    assert.deepStrictEqual(told.workerData.map, new Map([[1, 2]]));
    assert.strictEqual(told.threadName, 'teller');
    assert.strictEqual(told.threadId, worker.threadId);
    assert.strictEqual(told.pid, process.pid);
    const [code] = await once(worker, 'exit');
    assert.strictEqual(code, 0);
    assert.strictEqual(worker.threadId, -1);
  },

  async 'an environment is copied or shared'() {
    delete process.env.WORKER_WROTE;
    await once(start('write'), 'exit');
    assert.strictEqual(process.env.WORKER_WROTE, undefined);
    await once(start('write', { env: SHARE_ENV }), 'exit');
    assert.strictEqual(process.env.WORKER_WROTE, 'yes');
    delete process.env.WORKER_WROTE;
  },

  async 'messages come in order, before the exit'() {
    const worker = start('count');
    const seen = [];
    worker.on('message', (n) => seen.push(n));
    await once(worker, 'exit');
    assert.deepStrictEqual(seen, Array.from({ length: 3000 }, (_, i) => i));
  },

  async 'memory and ports are handed over'() {
    const worker = start('hand back');
    const { port1, port2 } = new MessageChannel();
    const buffer = new ArrayBuffer(8);
    new Uint8Array(buffer)[3] = 7;
    worker.postMessage({ port2, buffer }, [port2, buffer]);
    assert.strictEqual(buffer.byteLength, 0);
    const [back] = await once(port1, 'message');
    assert.strictEqual(new Uint8Array(back)[3], 8);
    port1.close();
    await once(worker, 'exit');
  },

  async 'what nobody has received is refused by its type'() {
    const { port1, port2 } = new MessageChannel();
    assert.throws(() => port1.postMessage(() => {}), { name: 'DataCloneError' });
    assert.throws(() => port1.postMessage(port2), { name: 'DataCloneError' });
    port1.postMessage(1);
    assert.deepStrictEqual(receiveMessageOnPort(port2), { message: 1 });
    assert.strictEqual(receiveMessageOnPort(port2), undefined);
    port1.close();
  },

  async 'all channels of a name hear a message'() {
    const channel = new BroadcastChannel('here');
    const workers = [start('shout'), start('shout')];
    const heard = new Set();
    await new Promise((resolve) => {
      channel.onmessage = ({ data }) => {
        heard.add(data);
        if (heard.size === 2) resolve();
      };
    });
    assert.deepStrictEqual(heard, new Set(workers.map((worker) => worker.threadId)));
    channel.close();
    await Promise.all(workers.map((worker) => worker.terminate()));
  },

  async 'a thread is reached without a channel'() {
    const worker = start('listen');
    await once(worker, 'message');
    await postMessageToThread(worker.threadId, 'direct');
    await assert.rejects(postMessageToThread(threadId, 1), { code: 'ERR_WORKER_MESSAGING_SAME_THREAD' });
    await assert.rejects(postMessageToThread(1e6, 1), { code: 'ERR_WORKER_MESSAGING_FAILED' });
    await once(worker, 'exit');
  },

  async 'a lock is free again when its worker has ended'() {
    const worker = start('lock');
    await once(worker, 'message');
    assert.strictEqual(await locks.request('held', { ifAvailable: true }, (lock) => lock), null);
    const waiting = locks.request('held', (lock) => lock.name);
    await worker.terminate();
    assert.strictEqual(await waiting, 'held');
  },

  async 'streams are handed over'() {
    const worker = start('stream');
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue({ a: 1 });
        controller.enqueue('b');
        controller.close();
      },
    });
    worker.postMessage(stream, [stream]);
    assert.ok(stream.locked);
    const [chunks] = await once(worker, 'message');
    assert.deepStrictEqual(chunks, [{ a: 1 }, 'b']);
    await worker.terminate();
  },

  async 'output is there when the worker has ended'() {
    const worker = start('print', { stdout: true });
    let text = '';
    worker.stdout.setEncoding('utf8').on('data', (chunk) => text += chunk);
    await Promise.all([once(worker, 'exit'), once(worker.stdout, 'end')]);
    assert.strictEqual(text, 'one\ntwo\nthree\n');
  },

  async 'errors keep what they are'() {
    const worker = start('throw');
    const [error] = await once(worker, 'error');
    assert.ok(error instanceof RangeError);
    assert.strictEqual(error.message, 'out of it');
    assert.strictEqual(error.code, 'E_TEST');
    assert.strictEqual(error.cause.message, 'why');
  },

  async 'a worker is disposed of'() {
    const worker = start('idle');
    await once(worker, 'online');
    await worker[Symbol.asyncDispose]();
    assert.strictEqual(await worker.terminate(), undefined);
    await assert.rejects(worker.getHeapStatistics(), { code: 'ERR_WORKER_NOT_RUNNING' });
  },

  async 'numbers about a worker come from its thread'() {
    const worker = start('idle');
    await once(worker, 'online');
    const { used_heap_size: used } = await worker.getHeapStatistics();
    assert.ok(used > 0);
    const { user, system } = await worker.cpuUsage();
    assert.ok(user + system > 0);
    let snapshot = '';
    for await (const chunk of await worker.getHeapSnapshot()) snapshot += chunk;
    assert.ok(JSON.parse(snapshot).nodes.length > 0);
    await worker.terminate();
  },
};

/** What the workers do. */
const works = {
  'report'() {
    const { getEnvironmentData, threadName } = require('worker_threads');
    parentPort.postMessage({
      argv: process.argv.slice(2), environmentData: getEnvironmentData('key'), pid: process.pid, threadId, threadName,
      workerData,
    });
  },
  'write'() {
    process.env.WORKER_WROTE = 'yes';
  },
  'count'() {
    for (let i = 0; i < 3000; i++) parentPort.postMessage(i);
    process.exit();
  },
  'hand back'() {
    parentPort.once('message', ({ port2, buffer }) => {
      new Uint8Array(buffer)[3]++;
      port2.postMessage(buffer, [buffer]);
    });
  },
  'shout'() {
    new BroadcastChannel('here').postMessage(threadId);
  },
  'listen'() {
    process.once('workerMessage', (message, source) => {
      assert.strictEqual(message, 'direct');
      assert.strictEqual(source, 0);
      process.exit();
    });
    parentPort.on('message', () => {});
    parentPort.postMessage('ready');
  },
  'lock'() {
    locks.request('held', () => {
      parentPort.postMessage('ready');
      return new Promise(() => setInterval(() => {}, 1e6));
    });
  },
  'stream'() {
    parentPort.once('message', async (stream) => {
      const chunks = [];
      for await (const chunk of stream) chunks.push(chunk);
      parentPort.postMessage(chunks);
    });
  },
  'print'() {
    console.log('one');
    process.stdout.write('two\n');
    console.log('three');
    process.exit();
  },
  'throw'() {
    throw Object.assign(new RangeError('out of it', { cause: new Error('why') }), { code: 'E_TEST' });
  },
  'idle'() {
    setInterval(() => {}, 1e6);
  },
};

/** What a program of one expression posts. */
async function evaluate(expression, options = {}) {
  const worker = new Worker(`require('worker_threads').parentPort.postMessage(${expression})`, { eval: true, ...options });
  const exit = once(worker, 'exit');
  const [answer] = await once(worker, 'message');
  await exit;
  return answer;
}

function start(kind, options = {}) {
  return new Worker(__filename, { workerData: { kind }, ...options });
}

if (isMainThread) {
  (async () => {
    for (const [name, test] of Object.entries(tests)) {
      await test().catch((error) => {
        error.message = `${name}: ${error.message}`;
        throw error;
      });
    }
  })();
} else {
  works[workerData.kind]();
}
