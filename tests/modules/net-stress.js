// The programs of `fixtures/stress`, with small counts: nothing is lost, and memory and descriptors return.
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');
const path = require('path');

const programs = [['last_messages.js', 300], ['sockets_over_ipc.js', 60], ['spread.js', 40], ['other_runtime.js'], ['slow_reader.js', 8]];
if (!spawnSync('prlimit', ['--version']).error) programs.push(['sockets.js', 100]);
if (!spawnSync('wrk', ['--version']).error) {
  programs.push(['rolling_reload.js', 1, 'keep-alive'], ['rolling_reload.js', 1, 'close']);
}

for (const [name, ...args] of programs) {
  const file = path.join(__dirname, '..', '..', 'fixtures', 'stress', name);
  const { status, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
  assert.strictEqual(status, 0, `${name}: ${stderr}`);
}
