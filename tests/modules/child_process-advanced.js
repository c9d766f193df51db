// `serialization: 'advanced'`: every kind of view keeps its class and bytes on the way there and back, other
// objects travel as copies, and what cannot be copied is refused where it is sent.
'use strict';

const assert = require('assert');
const { fork } = require('child_process');

if (process.send) {
  process.on('message', (message) => process.send(message));
  return;
}

const bytes = Uint8Array.from({ length: 48 }, (_, index) => index * 5);
const kinds = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
  Float64Array, DataView, BigInt64Array, BigUint64Array,
];
const shared = Buffer.from('twice the same');
const circular = { name: 'around' };
circular.self = circular;
const messages = [
  ...kinds.map((Kind) => ({ odd: '\u00e9', view: new Kind(bytes.slice().buffer, 8, 16 / (Kind.BYTES_PER_ELEMENT || 1)) })),
  Buffer.alloc(0),
  Buffer.from('a buffer'),
  Buffer.alloc(1024, 1),
  Buffer.alloc(1025, 2),
  Buffer.alloc(300000, 'large'),
  [shared, shared, Buffer.alloc(7, 3), Buffer.alloc(9, 4)],
  bytes.buffer,
  new Map([['key', new Set([1, 'two', 3n])]]),
  { date: new Date(7), pattern: /a+/gi, nothing: undefined, hole: [1, , 3], wide: '\u{1f600} wide', latin: 'caf\u00e9' },
  new Error('an error'),
  circular,
  'text',
  12.5,
  null,
];

const child = fork(__filename, { serialization: 'advanced' });
let next = 0;
child.on('message', (message) => {
  assert.deepStrictEqual(message, messages[next]);
  const sent = messages[next]?.view ?? messages[next];
  const got = message?.view ?? message;
  if (sent !== null && typeof sent === 'object') {
    assert.strictEqual(Object.getPrototypeOf(got), Object.getPrototypeOf(sent));
  }
  if (++next < messages.length) {
    child.send(messages[next]);
    return;
  }
  for (const refused of [{ call() {} }, { symbol: Symbol('s') }, { memory: new SharedArrayBuffer(8) }]) {
    assert.throws(() => child.send(refused), /could not be cloned/);
  }
  // A failed attempt leaves nothing in the channel.
  child.removeAllListeners('message');
  child.on('message', (last) => {
    assert.strictEqual(last, 'the end');
    child.disconnect();
  });
  child.send('the end');
});
child.on('exit', (code) => {
  assert.strictEqual(code, 0);
  assert.strictEqual(next, messages.length);
});
child.send(messages[0]);
