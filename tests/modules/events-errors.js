// `node:events`: 'error' events without listeners, the error monitor, rejections of async listeners.
'use strict';

const assert = require('node:assert');
const EventEmitter = require('node:events');

class Source extends EventEmitter {}

// An Error is thrown as it is, and knows where it was emitted
{
  const error = new Error('broken');
  const { stack } = error;
  assert.throws(() => new Source().emit('error', error), (thrown) => thrown === error);
  assert.strictEqual(error.stack, stack);
  const [symbol] = Object.getOwnPropertySymbols(error);
  assert.strictEqual(symbol.description, 'kEnhanceStackBeforeInspector');
  assert.ok(!Object.getOwnPropertyDescriptor(error, symbol).enumerable);
  const enhanced = error[symbol]();
  assert.ok(enhanced.startsWith(`${stack}\nEmitted 'error' event on Source instance at:\n    at `));

  const plain = new Error('plain');
  assert.throws(() => new EventEmitter().emit('error', plain));
  assert.match(plain[symbol](), /\nEmitted 'error' event at:\n/);
  assert.throws(() => new EventEmitter().emit('error', Object.freeze(new Error('frozen'))), { message: 'frozen' });
}

// Anything else becomes an error
for (const [args, message, context] of [
  [[], 'Unhandled error. (undefined)', undefined],
  [['text'], "Unhandled error. ('text')", 'text'],
  [[{ a: 1 }], 'Unhandled error. ({ a: 1 })', { a: 1 }],
]) {
  assert.throws(() => new EventEmitter().emit('error', ...args), {
    name: 'Error', code: 'ERR_UNHANDLED_ERROR', message, context,
  });
}

// The monitor sees errors, and handles none
{
  const emitter = new EventEmitter();
  const seen = [];
  emitter.once(EventEmitter.errorMonitor, (error) => seen.push(error.message));
  assert.throws(() => emitter.emit('error', new Error('one')), { message: 'one' });
  emitter.on('error', (error) => seen.push(`handled ${error.message}`));
  emitter.on(EventEmitter.errorMonitor, () => seen.push('monitor'));
  assert.strictEqual(emitter.emit('error', new Error('two')), true);
  assert.deepStrictEqual(seen, ['one', 'monitor', 'handled two']);
}

// captureRejections
{
  const emitter = new EventEmitter({ captureRejections: true });
  const order = [];
  emitter.on('a', async () => { throw new Error('rejected'); });
  emitter.on('a', () => ({ get then() { throw new Error('getter'); } }));
  emitter.on('error', (error) => order.push(error.message));
  assert.strictEqual(emitter.emit('a'), true);
  order.push('emitted');

  const routed = new EventEmitter({ captureRejections: true });
  routed[EventEmitter.captureRejectionSymbol] = (error, type, ...args) => order.push([error.message, type, args]);
  routed.on('b', async () => { throw new Error('routed'); });
  routed.emit('b', 1, 2);
  setImmediate(() => {
    assert.deepStrictEqual(order, ['getter', 'emitted', 'rejected', ['routed', 'b', [1, 2]]]);
  });
}

assert.throws(() => new EventEmitter({ captureRejections: 1 }), {
  message: 'The "options.captureRejections" property must be of type boolean. Received type number (1)',
});
assert.throws(() => { EventEmitter.captureRejections = 1; }, { code: 'ERR_INVALID_ARG_TYPE' });
