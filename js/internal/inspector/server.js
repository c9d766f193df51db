// The server for debuggers: where it listens, and how it is opened at start-up, by the program and by SIGUSR1.
'use strict';

const { getOptionValue } = require('internal/options');
const { parseAddress } = require('internal/inspector/address');
const pause = require('internal/inspector/pause');
const binding = internalBinding('inspector');

const EVERY_WAY = 'stderr,http';

/** The address that the server has, or is to have. */
let address;

function currentAddress() {
  return address ??= parseAddress(getOptionValue('--inspect-port'));
}

/** The program's file, as debuggers see it. */
function mainScript() {
  const { argv } = process;
  // The options tell whether there is a file before it has become the first argument.
  const name = given ?? argv[1];
  if (name === undefined || name === '') return { title: `${process.title}[${process.pid}]`, url: 'file://' };
  const fs = require('fs');
  const path = require('path').resolve(name);
  return { title: name, url: fs.existsSync(path) ? `file://${path}` : 'file://' };
}

let given;

/**
 * Opens the server.
 * @param {number} [port]
 * @param {string} [host]
 * @returns {boolean} whether it is there; if not, the reason has been printed
 */
function open(port, host) {
  const place = currentAddress();
  if (host !== undefined) place.host = host;
  if (port !== undefined) place.port = port;
  const { title, url } = mainScript();
  const publish = getOptionValue('--inspect-publish-uid') ?? EVERY_WAY;
  const isOpen = binding.open(place.host, place.port, publish, title, url);
  if (isOpen) place.port = binding.port();
  if (require('internal/worker/current').isMainThread) process.debugPort = place.port;
  return isOpen;
}

/** Opens the server where there is none. */
function openOnce() {
  if (binding.url() === undefined) open();
}

/** Whether the command line asks for a debugger. */
function isAskedFor() {
  return getOptionValue('--inspect') === true || isToWait();
}

function isToWait() {
  return getOptionValue('--inspect-brk') === true || getOptionValue('--inspect-wait') === true ||
    getOptionValue('--inspect-brk-node') === true;
}

/**
 * Does what the command line says of debuggers, where a program begins.
 * @param {string | undefined} file the program's, as it was given
 */
function start(file) {
  given = file;
  process.debugPort = currentAddress().port;
  if (!isAskedFor()) return;
  if (!open() || !isToWait()) return;
  binding.waitForDebugger();
  pause.isDue = getOptionValue('--inspect-brk') === true;
  if (getOptionValue('--inspect-brk-node') === true) pauseHere();
}

/** Holds the first function of Node's own that is called next. */
function pauseHere() {
  binding.pauseOnNextStatement();
  pause.isDue = true;
}

/**
 * Waits for the debugger that wants a worker held where it begins.
 * @param {boolean} isFile whether its program is one, whose first statement is held
 * @param {boolean} isAnnounced whether debuggers know of it, and may have let it go
 */
function waitAsWorker(isFile, isAnnounced) {
  binding.waitForDebugger(isAnnounced);
  pause.isDue = isFile;
}

/** Closes the server. */
function close() {
  binding.close();
}

module.exports = { close, open, openOnce, start, waitAsWorker };
