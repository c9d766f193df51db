// User and group ids of the process.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_CREDENTIAL },
} = require('internal/errors');
const { validateArray, validateUint32 } = require('internal/validators');
const binding = internalBinding('process');

function toId(id, name, isGroup) {
  if (typeof id === 'number') {
    validateUint32(id, name);
    return id >>> 0;
  }
  if (typeof id !== 'string') throw new ERR_INVALID_ARG_TYPE(name, ['number', 'string'], id);
  const found = binding.findId(id, isGroup);
  if (found === undefined) throw new ERR_UNKNOWN_CREDENTIAL(isGroup ? 'Group' : 'User', id);
  return found;
}

function check(status, syscall) {
  if (status === 0) return;
  const code = internalBinding('errno').name(status);
  // These calls have an older form of message than others.
  const error = new Error(`${code}, ${binding.systemMessage(-status)}`);
  error.errno = -status;
  error.code = code;
  error.syscall = syscall;
  throw error;
}

const setter = (which, isGroup) => ({
  [`set${which}`](id) {
    check(binding.setId(which, toId(id, 'id', isGroup)), `set${which}`);
  },
})[`set${which}`];

const getter = (which) => ({ [`get${which}`]: () => binding.getId(which) })[`get${which}`];

/** @returns {number[]} the supplementary groups and the effective one */
function getgroups() {
  return binding.getGroups();
}

/** @param {(number | string)[]} groups */
function setgroups(groups) {
  validateArray(groups, 'groups');
  check(binding.setGroups(groups.map((group, i) => toId(group, `groups[${i}]`, true))), 'setgroups');
}

/** Sets the groups that the system's database gives `user`, and `extraGroup`. */
function initgroups(user, extraGroup) {
  if (typeof user !== 'number' && typeof user !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('user', ['number', 'string'], user);
  }
  if (typeof extraGroup !== 'number' && typeof extraGroup !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('extraGroup', ['number', 'string'], extraGroup);
  }
  const group = toId(extraGroup, 'extraGroup', true);
  toId(user, 'user', false);
  check(binding.initGroups(`${user}`, group), 'initgroups');
}

module.exports = {
  getuid: getter('uid'),
  geteuid: getter('euid'),
  getgid: getter('gid'),
  getegid: getter('egid'),
  getgroups,
  setuid: setter('uid', false),
  seteuid: setter('euid', false),
  setgid: setter('gid', true),
  setegid: setter('egid', true),
  setgroups,
  initgroups,
};
