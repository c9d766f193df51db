// `node:events`: EventEmitter, its listeners and their order.
'use strict';

const assert = require('node:assert');
const EventEmitter = require('node:events');
const util = require('node:util');

const noop = () => {};

// The shape that programs and inspection see
{
  const emitter = new EventEmitter();
  assert.deepStrictEqual(Object.keys(emitter), ['_events', '_eventsCount', '_maxListeners']);
  assert.strictEqual(Object.getPrototypeOf(emitter._events), null);
  assert.strictEqual(EventEmitter.EventEmitter, EventEmitter);
  assert.strictEqual(EventEmitter.prototype.on, EventEmitter.prototype.addListener);
  assert.strictEqual(EventEmitter.prototype.off, EventEmitter.prototype.removeListener);
  assert.strictEqual(EventEmitter.prototype.emit.length, 1);
  assert.strictEqual(
    util.inspect(emitter),
    'EventEmitter {\n  _events: [Object: null prototype] {},\n  _eventsCount: 0,\n  _maxListeners: undefined,\n' +
      '  Symbol(shapeMode): false,\n  Symbol(kCapture): false\n}'
  );
}

// Order, arguments, receiver and result
{
  const emitter = new EventEmitter();
  const calls = [];
  emitter.on('a', function (...args) { calls.push(['second', this === emitter, args]); });
  emitter.prependListener('a', () => calls.push('first'));
  emitter.once('a', (x) => calls.push(['once', x]));
  emitter.prependOnceListener('a', () => calls.push('zeroth'));
  assert.strictEqual(emitter.emit('a', 1, 2, 3, 4), true);
  assert.strictEqual(emitter.emit('a'), true);
  assert.strictEqual(emitter.emit('b'), false);
  assert.deepStrictEqual(calls, [
    'zeroth', 'first', ['second', true, [1, 2, 3, 4]], ['once', 1], 'first', ['second', true, []],
  ]);
}

// Listeners that change the list while it is walked
{
  const emitter = new EventEmitter();
  const calls = [];
  const last = () => calls.push('last');
  emitter.on('a', () => {
    calls.push('first');
    emitter.removeListener('a', last);
    emitter.on('a', () => calls.push('added'));
  });
  emitter.on('a', last);
  emitter.emit('a');
  assert.deepStrictEqual(calls, ['first', 'last']);
  assert.strictEqual(emitter.listenerCount('a'), 2);
}

// A listener that throws leaves the emitter as it was
{
  const emitter = new EventEmitter();
  emitter.on('a', () => { throw new Error('stop'); });
  emitter.on('a', noop);
  assert.throws(() => emitter.emit('a'), { message: 'stop' });
  emitter.on('a', noop);
  assert.strictEqual(emitter.listenerCount('a'), 3);
  assert.throws(() => emitter.emit('a'), { message: 'stop' });
}

// newListener and removeListener
{
  const emitter = new EventEmitter();
  const seen = [];
  emitter.on('newListener', (type, listener) => seen.push(['new', type, listener]));
  emitter.on('removeListener', (type, listener) => seen.push(['remove', type, listener]));
  emitter.once('a', noop);
  emitter.off('a', noop);
  assert.deepStrictEqual(seen.slice(1), [['new', 'a', noop], ['remove', 'a', noop]]);
  emitter.on('b', noop).on('c', noop);
  seen.length = 0;
  emitter.removeAllListeners();
  assert.deepStrictEqual(seen.map(([, type]) => type), ['newListener', 'b', 'c']);
  assert.deepStrictEqual(emitter.eventNames(), []);
}

// Names, counts, copies
{
  const emitter = new EventEmitter();
  const symbol = Symbol('s');
  emitter.on('a', noop).on('a', noop).once(symbol, noop);
  assert.deepStrictEqual(emitter.eventNames(), ['a', symbol]);
  assert.strictEqual(emitter.listenerCount('a'), 2);
  assert.strictEqual(emitter.listenerCount('a', noop), 2);
  assert.strictEqual(emitter.listenerCount(symbol, noop), 1);
  assert.deepStrictEqual(emitter.listeners(symbol), [noop]);
  assert.strictEqual(emitter.rawListeners(symbol)[0].listener, noop);
  emitter.listeners('a').pop();
  assert.strictEqual(emitter.listenerCount('a'), 2);
  emitter.off('a', noop).off('a', noop);
  assert.deepStrictEqual(Reflect.ownKeys(emitter._events), [symbol]);
  assert.strictEqual(EventEmitter.listenerCount(emitter, symbol), 1);
  assert.deepStrictEqual(EventEmitter.getEventListeners(emitter, symbol), [noop]);
}

// A layout of `_events` made before the constructor keeps its keys
{
  function Shaped() {
    this._events = { close: undefined, error: undefined };
    EventEmitter.call(this);
  }
  util.inherits(Shaped, EventEmitter);
  const emitter = new Shaped();
  emitter.on('close', noop);
  emitter.off('close', noop);
  assert.deepStrictEqual(emitter._events, { close: undefined, error: undefined });
  assert.deepStrictEqual(emitter.eventNames(), []);
}

// Emitters whose constructor never ran
{
  const emitter = Object.create(EventEmitter.prototype);
  assert.strictEqual(emitter.emit('a'), false);
  assert.deepStrictEqual(emitter.eventNames(), []);
  emitter.on('a', noop);
  assert.deepStrictEqual(Object.keys(emitter), ['_events', '_eventsCount']);
}

// Wrong arguments
{
  const emitter = new EventEmitter();
  const message = 'The "listener" argument must be of type function. Received undefined';
  for (const method of ['on', 'once', 'prependListener', 'prependOnceListener', 'off']) {
    assert.throws(() => emitter[method]('a'), { code: 'ERR_INVALID_ARG_TYPE', message });
  }
  assert.throws(() => emitter.setMaxListeners(-1), {
    code: 'ERR_OUT_OF_RANGE',
    message: 'The value of "setMaxListeners" is out of range. It must be >= 0. Received -1',
  });
  assert.throws(() => { EventEmitter.defaultMaxListeners = -1; }, { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => EventEmitter.setMaxListeners(1, {}), { code: 'ERR_INVALID_ARG_TYPE' });
}

// Too many listeners
{
  const emitter = new EventEmitter();
  emitter.setMaxListeners(1);
  assert.strictEqual(EventEmitter.getMaxListeners(emitter), 1);
  emitter.on('leak', noop).on('leak', noop).on('leak', noop);
  let warnings = 0;
  process.on('warning', (warning) => {
    warnings++;
    assert.strictEqual(warning.name, 'MaxListenersExceededWarning');
    assert.strictEqual(warning.emitter, emitter);
    assert.strictEqual(warning.type, 'leak');
    assert.strictEqual(warning.count, 2);
    assert.strictEqual(
      warning.message,
      'Possible EventEmitter memory leak detected. 2 leak listeners added to [EventEmitter]. MaxListeners is 1. ' +
        'Use emitter.setMaxListeners() to increase limit'
    );
  });
  process.on('exit', () => assert.strictEqual(warnings, 1));
}
