// Sessions: recordings of what changes in a database.
'use strict';

const { refuse, setMethods } = require('internal/sqlite/errors');

const binding = internalBinding('sqlite');

/** Sessions are made by `database.createSession()` alone. */
function Session() {
  throw refuse(Error, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', Session);
}

setMethods(Session, {
  /** @returns {Uint8Array} what has changed, with what was there before */
  changeset() {
    return binding.changes(this, false);
  },

  /** @returns {Uint8Array} what has changed, for tables that are as they were */
  patchset() {
    return binding.changes(this, true);
  },

  close() {
    binding.closeSession(this);
  },
});
Session.prototype[Symbol.dispose] = function() {
  try {
    binding.closeSession(this);
  } catch {
    // It is closed already: disposal does not complain.
  }
};

/** @param {object} native what the native half has made */
function toSession(native) {
  return Object.setPrototypeOf(native, Session.prototype);
}

module.exports = { Session, toSession };
