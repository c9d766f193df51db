// What the children of a program under the permission model get of it: the same flags, in `NODE_OPTIONS`.
'use strict';

const { getOptionValue } = require('internal/options');

const binding = internalBinding('permission');

/** The flags that grant something, and what they grant. */
const kSwitches = {
  '__proto__': null,
  '--allow-addons': 'addon',
  '--allow-child-process': 'child',
  '--allow-ffi': 'ffi',
  '--allow-inspector': 'inspector',
  '--allow-net': 'net',
  '--allow-openssl-store': 'openssl.store',
  '--allow-wasi': 'wasi',
  '--allow-worker': 'worker',
};
const kModels = ['--permission', '--permission-audit'];
const kLists = ['--allow-fs-read', '--allow-fs-write'];

/** A flag as it can stand in `NODE_OPTIONS`. */
function quoted(flag) {
  return /[ "\\]/.test(flag) ? `"${flag.replace(/["\\]/g, '\\$&')}"` : flag;
}

/** The flags that stand for what this program may still do. */
function flags() {
  const words = kModels.filter((flag) => getOptionValue(flag) === true);
  for (const flag in kSwitches) {
    if (getOptionValue(flag) === true && binding.isGranted(kSwitches[flag])) words.push(flag);
  }
  for (const flag of kLists) {
    for (const path of getOptionValue(flag) ?? []) words.push(quoted(`${flag}=${path}`));
  }
  const { execArgv } = process;
  const place = (word) => {
    const index = execArgv.indexOf(word);
    return index === -1 ? execArgv.length : index;
  };
  return words.sort((a, b) => place(a) - place(b));
}

/**
 * @param {string[]} args of the child
 * @param {string | undefined} options  `NODE_OPTIONS` of its environment
 * @returns {string | undefined} the same with the flags of this program, unless the child is given a model of its own
 */
function inherit(args, options) {
  if (args.some((word) => kModels.includes(word)) || options?.includes('--permission')) return options;
  return [options, ...flags()].filter(Boolean).join(' ');
}

module.exports = { inherit };
