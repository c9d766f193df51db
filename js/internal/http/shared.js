// What both sides of HTTP share: symbols of messages and the current date as a header has it.
'use strict';

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

let date = '';
let second = -1;

/** @returns {string} the time in the form of the field `Date` */
function utcDate() {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    date = new Date(now * 1000).toUTCString();
  }
  return date;
}

module.exports = { kConnection, kNeedDrain, kOutHeaders, kSent, kSocket, utcDate };
