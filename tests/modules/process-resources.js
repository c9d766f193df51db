// `process.getActiveResourcesInfo()` and `_getActiveHandles()` tell of children, their channels and what watches files.
'use strict';

const assert = require('assert');
const { fork, spawn } = require('child_process');
const fs = require('fs');

const names = () => process._getActiveHandles().map((handle) => handle.constructor.name);
const both = () => [process.getActiveResourcesInfo(), names()];

/** A turn of the event loop later what has been closed is gone. */
const settled = () => new Promise((resolve) => setImmediate(setImmediate, resolve));

if (process.argv[2] === 'child') {
  // The channel counts as soon as somebody listens.
  assert.deepStrictEqual(both(), [[], []]);
  process.once('message', () => {});
  assert.deepStrictEqual(both(), [['PipeWrap'], ['Pipe']]);
  process.send('ready');
  return;
}

async function main() {
  const idle = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  assert.deepStrictEqual(both(), [
    ['PipeWrap', 'PipeWrap', 'PipeWrap', 'ProcessWrap'], ['Socket', 'Socket', 'Socket', 'ChildProcess'],
  ]);
  assert.strictEqual(process._getActiveHandles()[3], idle);
  idle.unref();
  assert.strictEqual(process.getActiveResourcesInfo().includes('ProcessWrap'), false);
  idle.ref();
  idle.stdin.end();
  await new Promise((resolve) => idle.on('close', resolve));
  await settled();

  const child = fork(__filename, ['child']);
  assert.deepStrictEqual(both(), [['PipeWrap', 'ProcessWrap'], ['Pipe', 'ChildProcess']]);
  await new Promise((resolve) => child.once('message', resolve));
  child.channel.unref();
  assert.deepStrictEqual(names(), ['ChildProcess']);
  child.channel.ref();
  child.send('go');
  assert.strictEqual(await new Promise((resolve) => child.on('close', resolve)), 0);
  await settled();

  const watcher = fs.watch(__dirname);
  assert.deepStrictEqual(both(), [['FSEventWrap'], ['FSWatcher']]);
  watcher.unref();
  assert.deepStrictEqual(both(), [[], []]);
  watcher.close();
  const looking = fs.watchFile(__filename, () => {});
  assert.strictEqual(process._getActiveHandles()[0], looking);
  fs.unwatchFile(__filename);
  assert.deepStrictEqual(names(), []);

  const { port1 } = new MessageChannel();
  port1.onmessage = () => {};
  assert.strictEqual(process._getActiveHandles()[0], port1);
  port1.close();
}

main().then(() => { process.exitCode = 0; });
process.exitCode = 1;
