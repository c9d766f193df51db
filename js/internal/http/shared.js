// What both sides of HTTP share: symbols of messages and the current date as a header has it.
'use strict';

const { setUnrefTimeout } = require('internal/net/timeouts');

/** On an outgoing message: its fields by name in lower case, `[name, value]` each, or null. */
const kOutHeaders = Symbol('kOutHeaders');
/** On an outgoing message: whether 'drain' is due. */
const kNeedDrain = Symbol('kNeedDrain');
/** On a socket and on its responses: the server's side of the connection. */
const kConnection = Symbol('kConnection');
/** On an outgoing message: called when its last part has been given to the system, before 'finish'. */
const kSent = Symbol('kSent');
/** On an outgoing message: the socket that it has to itself. */
const kSocket = Symbol('kSocket');

const SECOND = 1000;

/** The time in the form of the field `Date`, until the second is over. */
let date = '';

function forgetDate() {
  date = '';
}

function readDate() {
  const now = new Date();
  date = now.toUTCString();
  setUnrefTimeout(forgetDate, SECOND - now.getMilliseconds());
}

/** @returns {string} the time in the form of the field `Date` */
function utcDate() {
  if (date === '') readDate();
  return date;
}

module.exports = { kConnection, kNeedDrain, kOutHeaders, kSent, kSocket, utcDate };
