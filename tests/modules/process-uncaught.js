// How the report of an uncaught error shows what hangs on it.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');

const report = (code) => spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' }).stderr;

// Five levels of objects.
const deep = '{ 1: { 2: { 3: { 4: { 5: { 6: { 7: {} } } } } } } }';
for (const code of [`throw ${deep}`, `throw Object.assign(new Error("x"), ${deep})`,
  `Promise.reject(Object.assign(new Error("x"), ${deep}))`]) {
  const text = report(code);
  assert.match(text, /'5': \{ '6': \[Object\] \}/, text);
}
