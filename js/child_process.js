// Node's `child_process`: other programs, started, spoken to and waited for.
'use strict';

const { ChildProcess, spawn } = require('internal/child_process/child');
const { exec, execFile } = require('internal/child_process/buffered');
const { fork } = require('internal/child_process/fork');
const { execFileSync, execSync, spawnSync } = require('internal/child_process/sync');

/** Opens the channel to the process that has forked this one. */
function _forkChild(fd, serializationMode) {
  require('internal/child_process/ipc').openParentChannel(fd, serializationMode);
}

module.exports = {
  _forkChild,
  ChildProcess,
  exec,
  execFile,
  execFileSync,
  execSync,
  fork,
  spawn,
  spawnSync,
};
