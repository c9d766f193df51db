// The permission model (`--permission`) as programs see it: `process.permission`, the warnings about flags that undo
// it, and the channels that tell of what is refused. The refusing is the native half's.
'use strict';

const { codes: { ERR_MISSING_OPTION } } = require('internal/errors');
const { getOptionValue } = require('internal/options');
const { isUint8Array } = require('internal/util/types');
const { validateString } = require('internal/validators');

const binding = internalBinding('permission');

/** What the command line asks for, as `binding.mode()` numbers it. */
const kOff = 0;
const kWithoutModel = 3;

/** Flags that grant so much that little is left of the model, in the order of their warnings. */
const kDangerousFlags = [
  '--allow-addons',
  '--allow-child-process',
  '--allow-ffi',
  '--allow-inspector',
  '--allow-wasi',
  '--allow-worker',
  '--allow-openssl-store',
];

const kListFlags = ['--allow-fs-read', '--allow-fs-write'];

function validateReference(reference) {
  if (reference !== undefined && reference !== null && !isUint8Array(reference)) validateString(reference, 'reference');
}

/**
 * `process.permission.has()`
 * @param {string} scope such as `fs.read`
 * @param {string | Buffer} [reference] a path
 * @returns {boolean}
 */
function has(scope, reference) {
  validateString(scope, 'scope');
  validateReference(reference);
  return binding.has(scope, reference);
}

/**
 * `process.permission.drop()`: what has been given up does not come back.
 * @param {string} scope
 * @param {string | Buffer} [reference]
 */
function drop(scope, reference) {
  validateString(scope, 'scope');
  validateReference(reference);
  binding.drop(scope, reference);
}

/** Tells the channel of a scope that something was refused, or given up. */
function tell(channel, permission, resource, isDropped) {
  const channels = require('diagnostics_channel');
  const name = `node:permission-model:${channel}`;
  if (!channels.hasSubscribers(name)) return;
  channels.channel(name).publish({ permission, resource, drop: isDropped ? true : undefined });
}

function warn() {
  kDangerousFlags.forEach((flag, index) => {
    if (getOptionValue(flag) !== true) return;
    process.emitWarning(
      `The flag ${flag} must be used with extreme caution. It could invalidate the permission model.`,
      'SecurityWarning',
      `PERM000${index + 1}`,
    );
  });
  for (const flag of kListFlags) {
    if (!getOptionValue(flag)?.some((path) => path.includes(','))) continue;
    process.emitWarning(
      `The ${flag} CLI flag has changed. Passing a comma-separated list of paths is no longer valid. Documentation ` +
        'can be found at https://nodejs.org/api/permissions.html#file-system-permissions',
      'Warning',
    );
  }
  if (getOptionValue('--allow-net') === true) {
    process.emitWarning('The flag --allow-net is under experimental phase.', 'ExperimentalWarning');
  }
}

/** Begins the model where the command line asks for it. */
function begin() {
  const mode = binding.mode();
  if (mode === kOff) return;
  if (mode === kWithoutModel) throw new ERR_MISSING_OPTION('--permission');
  // As Node does it, though nothing here asks it what a path means.
  Object.freeze(require('path'));
  binding.listen(tell);
  warn();
  Object.defineProperty(process, 'permission', {
    value: { has, drop },
    enumerable: true,
  });
}

/** @returns {boolean} whether the program is under the model, or a report of what it would refuse */
function isEnabled() {
  return binding.mode() !== kOff;
}

module.exports = { begin, isEnabled };
