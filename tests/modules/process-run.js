// `--run`: scripts of package.json, what they are given, and what is said of those that there are not.
'use strict';

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');

const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'scripts-')));
const below = path.join(root, 'below', 'deep');
const manifest = path.join(root, 'package.json');
fs.mkdirSync(below, { recursive: true });
fs.mkdirSync(path.join(root, 'node_modules', '.bin'), { recursive: true });
fs.mkdirSync(path.join(root, 'below', 'node_modules', '.bin'), { recursive: true });
fs.writeFileSync(path.join(root, 'node_modules', '.bin', 'tool'), '#!/bin/sh\necho tool "$@"\n', { mode: 0o755 });

function run(scripts, ...args) {
  fs.writeFileSync(manifest, typeof scripts === 'string' ? scripts : JSON.stringify(scripts));
  const env = { ...process.env, PATH: '/usr/bin:/bin', NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: below, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

const done = (stdout) => ({ status: 0, stdout, stderr: '' });
const failed = (stderr) => ({ status: 1, stdout: '', stderr });

try {
  const scripts = {
    place: 'pwd', words: 'printf "%s\\n"', env: 'echo $NODE_RUN_SCRIPT_NAME $NODE_RUN_PACKAGE_JSON_PATH', fails: 'exit 7',
    path: 'echo $PATH', tool: 'tool a', number: 5,
  };
  const bin = (...names) => path.join(root, ...names, 'node_modules', '.bin');
  assert.deepStrictEqual(run({ scripts }, '--run', 'place'), done(`${root}\n`));
  assert.deepStrictEqual(run({ scripts }, '--run=env'), done(`env ${manifest}\n`));
  assert.deepStrictEqual(run({ scripts }, '--run', 'path'), done(`${bin('below')}:${bin()}:/usr/bin:/bin\n`));
  assert.deepStrictEqual(run({ scripts }, '--run', 'tool', '--', 'b'), done('tool a b\n'));
  assert.deepStrictEqual(run({ scripts }, '--run', 'fails'), failed(''));
  const words = ["it's", 'a "b"', '$HOME', '', '*', 'a\\b', 'é', '--x', '--'];
  assert.deepStrictEqual(run({ scripts }, '--run', 'words', '--', ...words), done(words.map((word) => `${word}\n`).join('')));
  assert.deepStrictEqual(run({ scripts: { b: 'echo b', a: 'echo a' } }, '--run', 'x'),
                         failed(`Missing script: "x" for ${manifest}\n\nAvailable scripts are:\n  b: echo b\n  a: echo a\n`));
  assert.deepStrictEqual(run({ scripts }, '--run', 'number'),
                         failed(`Script "number" is unexpectedly not a string for ${manifest}\n\n`));
  assert.deepStrictEqual(run({}, '--run', 'x'), failed(`Can't find "scripts" field in ${manifest}\n`));
  assert.deepStrictEqual(run('{', '--run', 'x'), failed(`Can't parse ${manifest}\n`));
  assert.deepStrictEqual(run('[1]', '--run', 'x'), failed(`Root value unexpected not an object for ${manifest}\n\n`));
} finally {
  fs.rmSync(root, { recursive: true });
}
