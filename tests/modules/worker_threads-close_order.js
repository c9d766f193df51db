// The end of a channel that was closed is told first; the other end follows in a later turn.
'use strict';

const assert = require('assert');
const { MessageChannel } = require('worker_threads');

const { port1, port2 } = new MessageChannel();
const seen = [];
for (const [name, port] of [['port1', port1], ['port2', port2]]) {
  port.on('message', () => {});
  port.on('close', () => seen.push([name, port1.hasRef(), port2.hasRef()]));
}
port2.close();
process.on('exit', () => {
  assert.deepStrictEqual(seen, [['port2', true, false], ['port1', false, false]]);
});
