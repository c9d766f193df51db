// URLs as other modules use them: files and their URLs, options of requests, domains.

'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_FILE_URL_HOST,
    ERR_INVALID_FILE_URL_PATH,
    ERR_INVALID_URL,
    ERR_INVALID_URL_SCHEME,
    ERR_MISSING_ARGS,
  },
} = require('internal/errors');
const { validateObject, validateString, kValidateObjectAllowObjects } = require('internal/validators');
const { URL } = require('web/url');

const binding = internalBinding('url');

const isWindows = process.platform === 'win32';

/** Paths of files that stand in a URL as they are. */
const plainPath = /^[A-Za-z0-9\-._/!$&'()*+,;=:@]*$/;
const escapedInPath = /[?#~]/g;
const escapes = { '?': '%3F', '#': '%23', '~': '%7E' };
const encodedSlash = /%2f/i;
const encodedSlashOrBackslash = /%2f|%5c/i;
const slash = /\//g;
const uncRoot = /^\\\\[^\\]+\\/;
const driveLetter = /^\/[A-Za-z]:/;

/**
 * Whether a value is a URL object of any realm or implementation, but none of `url.parse`.
 * @param {unknown} value
 * @returns {boolean}
 */
function isURL(value) {
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);
}

/** The URL of a file that is given as a string or as a URL. */
function toFileURL(path) {
  const url = typeof path === 'string' ? new URL(path) : path;
  if (!isURL(url)) throw new ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], path);
  if (url.protocol !== 'file:') throw new ERR_INVALID_URL_SCHEME('file');
  return url;
}

/**
 * The path of a file.
 * @param {string|URL} path Its URL.
 * @param {object} [options]
 * @param {boolean} [options.windows] Whether the path is one of Windows; by default that of this system.
 * @returns {string}
 */
function fileURLToPath(path, options = undefined) {
  const url = toFileURL(path);
  return options?.windows ?? isWindows ? windowsPath(url) : posixPath(url);
}

function posixPath(url) {
  checkLocal(url);
  const { pathname } = url;
  if (!pathname.includes('%')) return pathname;
  if (encodedSlash.test(pathname)) {
    throw new ERR_INVALID_FILE_URL_PATH('must not include encoded / characters', url);
  }
  return decodeURIComponent(pathname);
}

function checkLocal(url) {
  if (url.hostname !== '') throw new ERR_INVALID_FILE_URL_HOST(process.platform);
}

function windowsPath(url) {
  if (encodedSlashOrBackslash.test(url.pathname)) {
    throw new ERR_INVALID_FILE_URL_PATH('must not include encoded \\ or / characters', url);
  }
  const path = decodeURIComponent(url.pathname.replace(slash, '\\'));
  if (url.hostname !== '') return `\\\\${binding.domainToUnicode(url.hostname)}${path}`;
  checkDrive(url);
  return path.slice(1);
}

function checkDrive(url) {
  if (!driveLetter.test(url.pathname)) throw new ERR_INVALID_FILE_URL_PATH('must be absolute', url);
}

/**
 * The path of a file as bytes, of which not all need be UTF-8.
 * @param {string|URL} path Its URL.
 * @param {object} [options]
 * @param {boolean} [options.windows] Whether the path is one of Windows; by default that of this system.
 * @returns {Buffer}
 */
function fileURLToPathBuffer(path, options = undefined) {
  const { Buffer } = require('buffer');
  const url = toFileURL(path);
  if (!(options?.windows ?? isWindows)) {
    checkLocal(url);
    return decodeBytes(url.pathname);
  }
  const decoded = decodeBytes(url.pathname.replace(slash, '\\'));
  if (url.hostname !== '') {
    return Buffer.concat([Buffer.from(`\\\\${binding.domainToUnicode(url.hostname)}`), decoded]);
  }
  checkDrive(url);
  return decoded.subarray(1);
}

function decodeBytes(pathname) {
  return require('querystring').unescapeBuffer(pathname);
}

/**
 * The URL of a file.
 * @param {string} path
 * @param {object} [options]
 * @param {boolean} [options.windows] Whether the path is one of Windows; by default that of this system.
 * @returns {URL}
 */
function pathToFileURL(path, options) {
  validateString(path, 'path');
  const windows = options?.windows ?? isWindows;
  if (windows && path.startsWith('\\\\')) return uncToFileURL(path);

  const { win32, posix, sep } = require('path');
  let resolved = (windows ? win32 : posix).resolve(path);
  const last = path[path.length - 1];
  const isFolder = last === '/' || (windows && last === '\\');
  if (isFolder && !resolved.endsWith(sep)) resolved += windows ? '\\' : '/';
  if (windows && uncRoot.test(resolved)) return uncToFileURL(resolved);
  return windows ? windowsFileURL(resolved) : new URL(`file://${encodePath(resolved)}`);
}

function windowsFileURL(path) {
  const slashed = path.replaceAll('\\', '/');
  return new URL(`file://${slashed[0] === '/' ? '' : '/'}${encodePath(slashed)}`);
}

/** The URL of `\\server\share\file` or of `\\?\` and such a path or one with a drive. */
function uncToFileURL(path) {
  if (path.startsWith('\\\\?\\')) {
    if (!path.startsWith('\\\\?\\UNC\\')) {
      return new URL(`file:///${encodePath(path.slice(4).replaceAll('\\', '/'))}`);
    }
    path = `\\\\${path.slice(8)}`;
  }
  const end = path.indexOf('\\', 2);
  if (end === -1) throw new ERR_INVALID_ARG_VALUE('path', path, 'Missing UNC resource path');
  if (end === 2) throw new ERR_INVALID_ARG_VALUE('path', path, 'Empty UNC servername');
  const host = binding.domainToAscii(path.slice(2, end));
  if (host === '') throw new ERR_INVALID_URL(path);
  return new URL(`file://${host}${encodePath(path.slice(end).replaceAll('\\', '/'))}`);
}

function encodePath(path) {
  if (plainPath.test(path)) return path;
  return encodeURI(path.toWellFormed()).replace(escapedInPath, (character) => escapes[character]);
}

/**
 * The path of a file that is given as a URL; other values are returned as they are.
 * @param {unknown} fileURLOrPath
 * @returns {unknown}
 */
function toPathIfFileURL(fileURLOrPath) {
  return isURL(fileURLOrPath) ? fileURLToPath(fileURLOrPath) : fileURLOrPath;
}

/**
 * The options that `http.request` takes in the place of a URL.
 * @param {URL} url
 * @returns {object}
 */
function urlToHttpOptions(url) {
  validateObject(url, 'url', kValidateObjectAllowObjects);
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null,
    ...url, // What a program has added.
    protocol: url.protocol,
    hostname: typeof hostname === 'string' && hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname || ''}${search || ''}`,
    href: url.href,
  };
  if (port !== '') options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

/**
 * @param {string} domain
 * @returns {string} Its ASCII form; empty if it is not valid.
 */
function domainToASCII(domain) {
  if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
  return binding.domainToAscii(`${domain}`);
}

/**
 * @param {string} domain
 * @returns {string} Its Unicode form; empty if it is not valid.
 */
function domainToUnicode(domain) {
  if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
  return binding.domainToUnicode(binding.domainToAscii(`${domain}`));
}

module.exports = {
  isURL,
  fileURLToPath,
  fileURLToPathBuffer,
  pathToFileURL,
  toPathIfFileURL,
  urlToHttpOptions,
  domainToASCII,
  domainToUnicode,
};
