// Node's `child_process`: not there yet.
'use strict';

const { notYet } = require('internal/not_yet');

module.exports = notYet('child_process', [
  'ChildProcess', 'exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync',
]);
