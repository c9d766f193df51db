// The reporter `lcov`: which lines, branches and functions have run, for tools that show coverage.
'use strict';

const { Transform } = require('stream');
const { relative } = require('path');

class LcovReporter extends Transform {
  constructor(options) {
    super({ ...options, writableObjectMode: true, __proto__: null });
  }

  _transform({ type, data }, _, callback) {
    if (type !== 'test:coverage') {
      callback();
      return;
    }
    const { files, workingDirectory } = data.summary;
    callback(null, `TN:\n${files.map((file) => record(file, workingDirectory)).join('')}`);
  }
}

function record(file, cwd) {
  const lines = [`SF:${relative(cwd, file.path)}`];
  const names = file.functions.map(({ name }, index) => name || `anonymous_${index}`);
  file.functions.forEach(({ line }, index) => lines.push(`FN:${line},${names[index]}`));
  file.functions.forEach(({ count }, index) => lines.push(`FNDA:${count},${names[index]}`));
  lines.push(`FNF:${file.totalFunctionCount}`, `FNH:${file.coveredFunctionCount}`);
  file.branches.forEach(({ line, count }, index) => lines.push(`BRDA:${line},${index},0,${count}`));
  lines.push(`BRF:${file.totalBranchCount}`, `BRH:${file.coveredBranchCount}`);
  for (const { line, count } of file.lines) lines.push(`DA:${line},${count}`);
  lines.push(`LH:${file.coveredLineCount}`, `LF:${file.totalLineCount}`, 'end_of_record', '');
  return lines.join('\n');
}

module.exports = { LcovReporter };
