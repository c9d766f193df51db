// The reporter `dot`: a character a test, and the failed tests at the end.
'use strict';

const colors = require('internal/util/colors');
const { formatResult } = require('internal/test/reporters/format');

const MIN_COLUMNS = 20;

function columns() {
  return Math.max(process.stdout.columns ?? MIN_COLUMNS, MIN_COLUMNS);
}

/** Writes `.` for a test that passed and `X` for one that failed. */
async function* dot(source) {
  let count = 0;
  let width = columns();
  const failed = [];
  for await (const { type, data } of source) {
    if (type === 'test:pass') {
      yield `${colors.green}.${colors.reset}`;
    } else if (type === 'test:fail') {
      yield `${colors.red}X${colors.reset}`;
      failed.push(data);
    } else {
      continue;
    }
    if (++count === width) {
      yield '\n';
      width = columns();
      count = 0;
    }
  }
  yield '\n';
  if (failed.length === 0) return;
  yield `\n${colors.red}Failed tests:${colors.white}\n\n`;
  for (const data of failed) yield formatResult('test:fail', data);
}

module.exports = { dot };
