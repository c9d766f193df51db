// @node-rs/crc32, a native add-on in Rust: strings, buffers, running sums, in workers too.
'use strict';
const { crc32, crc32c } = require('@node-rs/crc32');
const { Worker, isMainThread, parentPort } = require('worker_threads');

const sum = crc32(Buffer.from('hello '.repeat(1000)));
if (isMainThread) {
  console.log(crc32('hello'), crc32c('hello'), crc32(Buffer.from('lo'), crc32('hel')), sum);
  let left = 2;
  for (let i = 0; i < 2; i++) {
    new Worker(__filename).on('message', (other) => console.log(other === sum)).on('exit', (code) => {
      if (--left === 0) console.log('exit', code);
    });
  }
  try {
    crc32({});
  } catch (error) {
    console.log(error.name, error.code);
  }
} else {
  parentPort.postMessage(sum);
}
