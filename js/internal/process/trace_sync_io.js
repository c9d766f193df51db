// `--trace-sync-io`: a warning for each call that waits for the system once the event loop goes.
'use strict';

const { stageTime } = require('internal/perf/node_timing');

const utilBinding = internalBinding('util');
const processBinding = internalBinding('process');

const kFrames = 11;

/** The functions of native halves that wait, beside those whose names say so. */
const kWaiting = {
  __proto__: null,
  child_process: ['spawnSync'],
  crypto: [],
  crypto_operations: [],
  fs: ['fstatInto', 'lstatInto', 'statInto'],
};

function describe({ column, functionName, lineNumber, scriptName }) {
  const place = `${scriptName}:${lineNumber}:${column}`;
  return functionName ? `    at ${functionName} (${place})\n` : `    at ${place}\n`;
}

function warn() {
  const frames = utilBinding.getCallSites(kFrames).slice(1).map(describe).join('');
  processBinding.writeStderr(`(node:${process.pid}) WARNING: Detected use of sync API\n${frames}\n`);
}

/** Has a function of a native half warn while the event loop goes. */
function watch(binding, name) {
  const run = binding[name];
  binding[name] = (...args) => {
    if (stageTime('loopStart') > 0) warn();
    return run(...args);
  };
}

/** Begins to warn. */
function begin() {
  for (const module in kWaiting) {
    const binding = internalBinding(module);
    for (const name of Object.keys(binding)) {
      if (name.endsWith('Sync') || kWaiting[module].includes(name)) watch(binding, name);
    }
  }
}

module.exports = { begin };
