// `console.table`.
'use strict';

const assert = require('node:assert');
const { Console } = require('node:console');
const { Writable } = require('node:stream');

let output = '';
const table = new Console({
  stdout: new Writable({ write(chunk, encoding, callback) { output += chunk; callback(); } }),
});

function check(args, lines) {
  output = '';
  table.table(...args);
  assert.deepStrictEqual(output.trimEnd().split('\n'), lines);
}

check([5], ['5']);
check([null], ['null']);
check([() => {}], ['[Function (anonymous)]']);
check([[]], ['┌─────────┐', '│ (index) │', '├─────────┤', '└─────────┘']);
check([[{ a: 1, b: { c: 2 } }, { a: 'x', 1: [1, 2, 3, 4] }, 'value']], [
  '┌─────────┬──────────────────────────────┬─────┬──────────┬─────────┐',
  '│ (index) │ 1                            │ a   │ b        │ Values  │',
  '├─────────┼──────────────────────────────┼─────┼──────────┼─────────┤',
  '│ 0       │                              │ 1   │ { c: 2 } │         │',
  '│ 1       │ [ 1, 2, 3, ... 1 more item ] │ \'x\' │          │         │',
  '│ 2       │                              │     │          │ \'value\' │',
  '└─────────┴──────────────────────────────┴─────┴──────────┴─────────┘',
]);
check([{ row: { a: 1, b: 2 }, other: 3 }, ['b', 'z']], [
  '┌─────────┬───┬───┐',
  '│ (index) │ b │ z │',
  '├─────────┼───┼───┤',
  '│ row     │ 2 │   │',
  '│ other   │   │   │',
  '└─────────┴───┴───┘',
]);
check([[{ large: { a: 1, b: 2, c: 3 } }]], [
  '┌─────────┬──────────┐',
  '│ (index) │ large    │',
  '├─────────┼──────────┤',
  '│ 0       │ [Object] │',
  '└─────────┴──────────┘',
]);
const pairs = [
  '┌───────────────────┬─────┬──────────┐',
  '│ (iteration index) │ Key │ Values   │',
  '├───────────────────┼─────┼──────────┤',
  '│ 0                 │ \'k\' │ { v: 1 } │',
  '└───────────────────┴─────┴──────────┘',
];
check([new Map([['k', { v: 1 }]])], pairs);
check([new Map([['k', { v: 1 }]]).entries()], pairs);
const elements = [
  '┌───────────────────┬────────┐',
  '│ (iteration index) │ Values │',
  '├───────────────────┼────────┤',
  '│ 0                 │ \'日本\' │',
  '└───────────────────┴────────┘',
];
check([new Set(['日本'])], elements);
check([new Set(['日本']).values()], elements);
check([new Map([['日本', 1]]).keys()], elements);
assert.throws(() => table.table([1], 'text'), { code: 'ERR_INVALID_ARG_TYPE' });
