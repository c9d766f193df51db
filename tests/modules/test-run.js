// `run()` of `node:test`: files in processes of their own, reported as one run.
'use strict';

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { run } = require('node:test');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'test-run-'));
const write = (name, text) => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
};
const files = [
  write('a.js', "require('node:test')('passes', () => console.log('from the file'));"),
  write('b.js', "const { it, describe } = require('node:test'); describe('s', () => it('fails', () => { throw new Error('no'); }));"),
  write('c.js', 'process.exit(3);'),
];

const results = [];
let printed = '';
run({ files })
  .on('test:pass', ({ name, testNumber }) => results.push(['pass', name, testNumber]))
  .on('test:fail', ({ name, testNumber, details }) => results.push([details.error.failureType, name, testNumber]))
  .on('test:stdout', ({ message }) => {
    printed += message;
  })
  .on('test:summary', ({ file, success, counts }) => {
    if (file !== undefined) return;
    assert.strictEqual(success, false);
    assert.strictEqual(counts.tests, 3);
    assert.strictEqual(counts.suites, 1);
  })
  .on('end', () => {
    fs.rmSync(folder, { recursive: true });
    assert.match(printed, /from the file/);
    assert.deepStrictEqual(results, [
      ['pass', 'passes', 1],
      ['testCodeFailure', 'fails', 1],
      ['subtestsFailed', 's', 2],
      ['testCodeFailure', files[2], 3],
    ]);
  })
  .resume();

// What a file tells is passed on while it runs: its own end comes after that of its tests.
{
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'test-run-'));
  const file = path.join(directory, 'd.js');
  fs.writeFileSync(file, "require('node:test')('inner', () => {});");
  const order = [];
  const stream = run({ files: [file] });
  for (const type of ['test:enqueue', 'test:pass', 'test:complete']) {
    stream.on(type, ({ name, testNumber }) => order.push([type, path.basename(name), testNumber]));
  }
  stream.on('end', () => {
    fs.rmSync(directory, { recursive: true });
    assert.deepStrictEqual(order, [
      ['test:enqueue', 'd.js', undefined],
      ['test:enqueue', 'inner', undefined],
      ['test:complete', 'inner', 1],
      ['test:pass', 'inner', 1],
      ['test:complete', 'd.js', 1],
    ]);
  }).resume();
}
