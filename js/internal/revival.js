// What a context that a program's snapshot has kept does when it begins once more, in another process.
'use strict';

const acts = [];
let isKept = false;

/** @param {() => void} act  forgets or fetches anew what belongs to one process */
function whenRevived(act) {
  acts.push(act);
}

/** Says that the context is about to be kept. */
function keep() {
  isKept = true;
}

/** @returns {boolean} whether the context has been kept and begins once more */
function isRevived() {
  return isKept;
}

/** Called where a program begins. */
function revive() {
  for (let i = 0; i < acts.length; i++) acts[i]();
}

module.exports = { isRevived, keep, revive, whenRevived };
