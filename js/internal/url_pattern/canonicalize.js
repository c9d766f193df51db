// Brings the components of URLs into the form that they have in a parsed URL.
'use strict';

const { URL } = require('web/url');

/** The default ports of the schemes that the URL standard calls special. */
const specialSchemes = new Map([
  ['http', '80'], ['https', '443'], ['ws', '80'], ['wss', '443'], ['ftp', '21'], ['file', ''],
]);

const ignored = /[\t\n\r]/g;
const dummyHost = 'dummy.invalid';

function fail() {
  throw new TypeError('Invalid component');
}

/** @returns {string} without the colon */
function protocol(value) {
  if (value === '') return value;
  const url = URL.parse(`${value}://${dummyHost}/`) ?? fail();
  return url.protocol.slice(0, -1);
}

function username(value) {
  if (value === '') return value;
  const url = new URL(`https://${dummyHost}`);
  url.username = value;
  return url.username;
}

function password(value) {
  if (value === '') return value;
  const url = new URL(`https://${dummyHost}`);
  url.password = value;
  return url.password;
}

function hostname(value) {
  if (value === '') return value;
  const url = new URL(`https://${dummyHost}`);
  url.hostname = value;
  // What is no host name is ignored by the setter.
  if (url.hostname === dummyHost && value.toLowerCase() !== dummyHost) fail();
  return url.hostname;
}

const ipv6Characters = /^[0-9a-fA-F[\]:]*$/;

function ipv6Hostname(value) {
  if (!ipv6Characters.test(value)) fail();
  return value.toLowerCase();
}

/** @param {string} [scheme] whose default port is left out */
function port(value, scheme) {
  if (value === '') return value;
  const digits = /^[0-9]+/.exec(value.replace(ignored, ''));
  if (digits === null) return fail();
  const number = Number(digits[0]);
  if (number > 65535) return fail();
  const text = String(number);
  return scheme !== undefined && specialSchemes.get(scheme) === text ? '' : text;
}

function pathname(value) {
  if (value === '') return value;
  const url = new URL(`fake://${dummyHost}`);
  if (value[0] === '/') {
    url.pathname = value;
    return url.pathname;
  }
  // A path in a URL begins with a slash; the second character keeps dots apart from it.
  url.pathname = `/-${value}`;
  return url.pathname.length < 2 ? fail() : url.pathname.slice(2);
}

/** The path of a URL whose scheme is none of the special ones. */
function opaquePathname(value) {
  if (value === '') return value;
  const url = URL.parse(`fake:${value}`) ?? fail();
  return url.pathname;
}

function search(value) {
  if (value === '') return value;
  const url = new URL(`fake://${dummyHost}`);
  url.search = `?${value}`;
  return url.search.slice(1);
}

function hash(value) {
  if (value === '') return value;
  const url = new URL(`fake://${dummyHost}`);
  url.hash = `#${value}`;
  return url.hash.slice(1);
}

module.exports = {
  hash,
  hostname,
  ipv6Hostname,
  opaquePathname,
  password,
  pathname,
  port,
  protocol,
  search,
  specialSchemes,
  username,
};
