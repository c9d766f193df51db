// Node's `child_process`: other programs, started, spoken to and waited for.
'use strict';

const { ChildProcess, spawn } = require('internal/child_process/child');
const { exec, execFile } = require('internal/child_process/buffered');
const { execFileSync, execSync, spawnSync } = require('internal/child_process/sync');
const { notYet } = require('internal/not_yet');

module.exports = {
  ...notYet('child_process', ['_forkChild', 'fork']),
  ChildProcess,
  exec,
  execFile,
  execFileSync,
  execSync,
  spawn,
  spawnSync,
};
