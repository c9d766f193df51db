// `--watch`: a program runs again when it or a file that it has loaded changes; tests run again one by one.
'use strict';
const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'ironode-watch-'));
process.on('exit', () => fs.rmSync(directory, { recursive: true }));

function write(name, text) {
  fs.writeFileSync(path.join(directory, name), text);
}

/** Runs `steps` one after the other, each as soon as what it waits for has been printed since the last one. */
async function follow(args, steps) {
  const child = spawn(process.execPath, ['--no-warnings', ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  let text = '';
  let [expected, action] = steps.shift();
  const done = new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const match = expected?.exec(text);
      if (!match) return;
      text = text.slice(match.index + match[0].length);
      const result = action(child);
      if (steps.length === 0) resolve(result);
      [expected, action] = steps.shift() ?? [];
    });
  });
  await done;
  return closed;
}

const rewrite = (name, text) => () => write(name, text);
const completed = (text) => new RegExp(`${text}\\r?\\nCompleted running 'main.js'\\. Waiting for file changes`);

async function main() {
  write('variables', 'WORD=first\n');
  write('dependency.js', 'module.exports = 1;');
  write('module.mjs', 'export default 1;');
  write('main.js', `
    import('./module.mjs').then((module) => console.log('sum', require('./dependency.js') + module.default, process.env.WORD));
  `);
  const end = await follow(['--watch', '--env-file=variables', 'main.js'], [
    [completed('sum 2 first'), rewrite('dependency.js', 'module.exports = 10;')],
    [/Restarting 'main\.js'/, () => {}],
    [completed('sum 11 first'), rewrite('module.mjs', 'export default 20;')],
    [completed('sum 30 first'), rewrite('variables', 'WORD=second\n')],
    [completed('sum 30 second'), rewrite('main.js', 'process.exit(1);')],
    [/Failed running 'main\.js'/, rewrite('main.js', `
      process.on('SIGTERM', () => {
        console.log('told to end');
        process.exit(7);
      });
      console.log('waits');
      setInterval(() => {}, 1000);
    `)],
    [/waits\r?\n/, (child) => child.kill()],
    [/told to end/, () => {}],
  ]);
  assert.strictEqual(end, 7);

  fs.mkdirSync(path.join(directory, 'tests'));
  write('tests/one.test.js', 'require("node:test")("one", () => require("assert").strictEqual(require("../dependency.js"), 10));');
  write('tests/two.test.js', 'require("node:test")("two", () => {});');
  await follow(['--watch', '--test', '--test-reporter=tap', 'tests/*.test.js'], [
    [/ok 1 - one[^]*ok 2 - two[^]*# tests 2[^]*# duration_ms/, rewrite('dependency.js', 'module.exports = 0;')],
    [/not ok 1 - one[^]*# tests 1\n[^]*# duration_ms/, (child) => child.kill()],
  ]);
}

main();
