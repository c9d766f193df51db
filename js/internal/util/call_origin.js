// Finds out who calls a function of the runtime, for deprecations that spare what a program depends on.

'use strict';

const utilBinding = internalBinding('util');

const inNodeModules = /[/\\]node_modules[/\\]/;

/**
 * Whether the nearest caller that is no part of the runtime lies in a `node_modules` folder.
 * @param {number} [frames] How many frames of the stack are looked at.
 * @returns {boolean} false if none of these frames is a program's.
 */
function isInsideNodeModules(frames = 10) {
  for (const { scriptName } of utilBinding.getCallSites(frames)) {
    if (scriptName && !scriptName.startsWith('node:')) return inNodeModules.test(scriptName);
  }
  return false;
}

module.exports = { isInsideNodeModules };
