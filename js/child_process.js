// Node's `child_process`: other programs, started, spoken to and waited for.
'use strict';

const { execFileSync, execSync, spawnSync } = require('internal/child_process/sync');
const { notYet } = require('internal/not_yet');

module.exports = {
  ...notYet('child_process', ['_forkChild', 'ChildProcess', 'exec', 'execFile', 'fork', 'spawn']),
  execFileSync,
  execSync,
  spawnSync,
};
