// async: queues, limits, auto, retries, both with callbacks and promises.
'use strict';
const async = require('async');

async function main() {
  const soon = (value, callback) => setImmediate(callback, null, value);
  console.log(await async.mapLimit([1, 2, 3, 4], 2, async (n) => n * n));
  async.waterfall([(next) => soon(1, next), (n, next) => soon(n + 1, next)], (error, result) => console.log('waterfall', error, result));
  console.log(await async.auto({ a: (cb) => soon(1, cb), b: ['a', (r, cb) => soon(r.a + 1, cb)], c: ['a', 'b', async ({ a, b }) => a + b] }));
  let tries = 0;
  console.log(await async.retry({ times: 4, interval: 1 }, async () => { tries += 1; if (tries < 3) throw new Error('again'); return tries; }));
  const done = [];
  const queue = async.queue(async (task) => { await new Promise(setImmediate); done.push(task); if (task === 3) throw new Error('third'); }, 2);
  queue.error((error, task) => done.push(`${error.message} ${task}`));
  for (const n of [1, 2, 3, 4]) queue.push(n, () => {});
  await queue.drain();
  console.log(done);
  await async.parallel({ one: async () => 1, bad: async () => { throw new RangeError('bad'); } }).catch((error) => console.log(error.name, error.message));
  console.log(await async.timeout(async () => new Promise(() => {}), 10)().catch?.((e) => e.code) ?? 'callback style');
}
main().catch((error) => console.log('main', error.message));
