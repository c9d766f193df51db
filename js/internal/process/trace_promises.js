// `--trace-promises`: tells of each promise where it comes into being and where it is settled.
'use strict';

const { createHook } = require('internal/promise_hooks');

/** The numbers of the promises. */
const numbers = new WeakMap();
let next = 0;

/** Says what has happened, and where: below the call of `hook`. */
function tell(text, hook) {
  const place = {};
  Error.captureStackTrace(place, hook);
  const frames = place.stack.slice(place.stack.indexOf('\n') + 1);
  process._rawDebug(`[--trace-promises] ${text}${frames.startsWith('    at ') ? `\n${frames}\n` : ''}`);
}

function onInit(promise, parent) {
  const number = next++;
  numbers.set(promise, number);
  const from = parent === undefined ? '' : `promise #${numbers.get(parent)} `;
  tell(`${from}created promise #${number}`, onInit);
}

function onSettled(promise) {
  tell(`resolved promise #${numbers.get(promise)}`, onSettled);
}

/** Begins to tell. */
function begin() {
  createHook({ init: onInit, settled: onSettled });
}

module.exports = { begin };
