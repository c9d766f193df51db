// `diagnostics_channel`: subscribers, stores, tracing, and what the runtime itself publishes.
'use strict';

const assert = require('assert');
const { AsyncLocalStorage } = require('async_hooks');
const dc = require('diagnostics_channel');

const seen = [];
const channel = dc.channel('test');
const note = (message, name) => seen.push([name, message]);
channel.publish('unheard');
dc.subscribe('test', note);
assert.strictEqual(dc.channel('test'), channel);
assert.ok(dc.hasSubscribers('test'));
channel.publish('heard');
assert.strictEqual(channel.unsubscribe(note), true);
assert.strictEqual(dc.unsubscribe('test', note), false);
assert.strictEqual(channel.hasSubscribers, false);
assert.deepStrictEqual(seen, [['test', 'heard']]);

const store = new AsyncLocalStorage();
channel.bindStore(store, (data) => data.value);
channel.runStores({ value: 5 }, () => assert.strictEqual(store.getStore(), 5));
{
  const scope = channel.withStoreScope({ value: 6 });
  assert.strictEqual(store.getStore(), 6);
  scope[Symbol.dispose]();
  assert.strictEqual(store.getStore(), undefined);
}
channel.unbindStore(store);

const traced = dc.tracingChannel('work');
const order = [];
const handlers = {};
for (const name of ['start', 'end', 'asyncStart', 'asyncEnd', 'error']) handlers[name] = () => order.push(name);
traced.subscribe(handlers);
traced.traceCallback((callback) => callback(new Error('no')), 0, {}, null, () => order.push('callback'));
assert.deepStrictEqual(order.splice(0), ['start', 'error', 'asyncStart', 'callback', 'asyncEnd', 'end']);
traced.tracePromise(async () => 7).then((value) => {
  assert.strictEqual(value, 7);
  assert.deepStrictEqual(order, ['start', 'end', 'asyncStart', 'asyncEnd']);
});

const bounded = dc.boundedChannel('span');
const spans = [];
bounded.subscribe({ start: (it) => spans.push('start', it), end: () => spans.push('end') });
assert.strictEqual(bounded.run({ a: 1 }, (b) => b + 1, null, 1), 2);
assert.deepStrictEqual(spans, ['start', { a: 1 }, 'end']);

const required = [];
dc.subscribe('tracing:module.require:end', ({ id, parentFilename }) => required.push([id, parentFilename]));
require('querystring');
assert.deepStrictEqual(required, [['querystring', __filename]]);

const logged = [];
dc.subscribe('console.log', (args) => logged.push(...args));
console.log('a line', 1);
assert.deepStrictEqual(logged, ['a line', 1]);
