// `tracing:module.import` tells of every `import()`: where it begins, and how it ends.
'use strict';

const assert = require('assert');
const { tracingChannel } = require('diagnostics_channel');
const { pathToFileURL } = require('url');

const events = [];
const note = (name) => (event) => events.push({ name, ...event });
tracingChannel('module.import').subscribe({
  start: note('start'),
  end: note('end'),
  asyncStart: note('asyncStart'),
  asyncEnd: note('asyncEnd'),
  error: note('error'),
});

const parentURL = pathToFileURL(__filename).href;

async function main() {
  const result = await import('os');
  const given = { parentURL, url: 'os' };
  const done = { ...given, result };
  assert.deepStrictEqual(events.splice(0), [
    { name: 'start', ...given }, { name: 'end', ...given },
    { name: 'asyncStart', ...done }, { name: 'asyncEnd', ...done },
  ]);

  await assert.rejects(import('./none.mjs'), { code: 'ERR_MODULE_NOT_FOUND' });
  assert.deepStrictEqual(events.map(({ name, error }) => [name, error?.code]), [
    ['start', undefined], ['end', undefined],
    ['error', 'ERR_MODULE_NOT_FOUND'], ['asyncStart', 'ERR_MODULE_NOT_FOUND'], ['asyncEnd', 'ERR_MODULE_NOT_FOUND'],
  ]);
}

main();
