// DEP0005: the warning about the `Buffer()` constructor, which code of packages is spared.
'use strict';

const utilBinding = internalBinding('util');

/** After so many calls from packages their callers are not looked at any more: that is slow. */
const MAX_CHECKS = 10000;
const MAX_FRAMES = 100;

const inPackage = /[/\\]node_modules[/\\]/i;

let isDone = false;
let checks = 0;

/** Warns once, when called from code that is no package's, or from any under `--pending-deprecation`. */
function warnOfConstructor() {
  if (isDone) return;
  if (++checks > MAX_CHECKS) {
    isDone = true;
    return;
  }
  if (!require('internal/options').getOptionValue('--pending-deprecation') && isCalledFromPackage()) return;
  isDone = true;
  process.emitWarning(
    'Buffer() is deprecated due to security and usability issues. Please use the Buffer.alloc(), ' +
    'Buffer.allocUnsafe(), or Buffer.from() methods instead.',
    'DeprecationWarning',
    'DEP0005',
    require('buffer').Buffer,
  );
}

/** Whether the innermost caller that is not part of the runtime lies in a `node_modules` folder. */
function isCalledFromPackage() {
  for (const { scriptName } of utilBinding.getCallSites(MAX_FRAMES)) {
    if (scriptName === '' || scriptName.startsWith('node:')) continue;
    return inPackage.test(scriptName);
  }
  return false;
}

module.exports = { warnOfConstructor };
