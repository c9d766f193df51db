// Coverage in the terms of the sources, under `--enable-source-maps`; places of tests follow the maps as well.
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'coverage-maps-')));
process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true }));

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function vlq(number) {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    let digit = rest & 31;
    rest >>>= 5;
    if (rest > 0) digit |= 32;
    text += digits[digit];
  } while (rest > 0);
  return text;
}

/** Joins sources below a header; each word and mark of them is mapped. */
function bundle(name, sources) {
  let code = '// header\n';
  let mappings = '';
  let [lastSource, lastLine, lastColumn] = [0, 0, 0];
  Object.values(sources).forEach((text, source) => {
    text.split('\n').forEach((line, index) => {
      code += `  ${line}\n`;
      let generated = 0;
      mappings += ';';
      mappings += [...line.matchAll(/\w+|[^\s\w]/g)].map((match) => {
        const numbers = [match.index + 2 - generated, source - lastSource, index - lastLine, match.index - lastColumn];
        [generated, lastSource, lastLine, lastColumn] = [match.index + 2, source, index, match.index];
        return numbers.map(vlq).join('');
      }).join(',');
    });
  });
  const map = { version: 3, sources: Object.keys(sources), sourcesContent: Object.values(sources), names: [], mappings };
  fs.writeFileSync(path.join(directory, `${name}.map`), JSON.stringify(map));
  fs.writeFileSync(path.join(directory, name), `${code}//# sourceMappingURL=${name}.map`);
}

bundle('one.test.js', {
  'one.ts': `const { test } = require('node:test');

function used(x) {
  if (x) {
    return 1;
  }

  return 2;
}
function unused() {

  return 3;
}
test('a', () => { used(1); });`,
});
bundle('two.test.js', {
  'a.ts': "require('node:test').test('fails', () => {\n  inner(); throw new Error('b');\n});",
  'b.ts': 'const z = 1;\nfunction inner() {\n  return 1;\n}\nfunction never() { return z; }',
});

const { NODE_TEST_CONTEXT, NODE_V8_COVERAGE, ...env } = process.env;

function run(file, ...args) {
  const all = ['--enable-source-maps', '--experimental-test-coverage', '--test-coverage-exclude=x', ...args, file];
  return spawnSync(process.execPath, all, { cwd: directory, encoding: 'utf8', env }).stdout;
}

function linesOf(lcov) {
  const files = {};
  for (const record of lcov.split('end_of_record').slice(0, -1)) {
    files[/^SF:(.*)$/m.exec(record)[1]] = [...record.matchAll(/^DA:\d+,(\d+)$/mg)].map((match) => match[1]).join('');
  }
  return files;
}

assert.deepStrictEqual(linesOf(run('one.test.js', '--test-reporter=lcov')), { 'one.ts': '11111100100001' });
assert.deepStrictEqual(linesOf(run('two.test.js', '--test-reporter=lcov')), { 'a.ts': '111', 'b.ts': '01110' });
assert.match(run('two.test.js', '--test-reporter=tap'), /location: '.*[/\\]a\.ts:1:22'/);

fs.rmSync(path.join(directory, 'one.test.js.map'));
assert.match(run('one.test.js', '--test-reporter=tap'), /The source map for 'file:.*one\.test\.js' does not exist or is corrupt/);
