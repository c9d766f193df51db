// The main program as an ECMAScript module, the modules of `--import` before it, and what happens when it never ends.
'use strict';

const { getOptionValue } = require('internal/options');
const loader = require('internal/modules/esm/loader');
const { translateAs } = require('internal/modules/esm/translators');
const { watchEnd } = require('internal/process/exit');
const binding = internalBinding('module_wrap');

const UNSETTLED = 13;

/** The module that has not come to its end. */
let unsettled;

// Named as in Node, since programs see it among the listeners.
function handleProcessExit() {
  process.exitCode ??= UNSETTLED;
}

/** Runs what a program begins with; until it has ended, an exit means that something awaits for ever. */
async function runToEnd(begin) {
  process.on('exit', handleProcessExit);
  watchEnd({ code: UNSETTLED, atEnd, atExit });
  try {
    await begin();
  } finally {
    process.off('exit', handleProcessExit);
    watchEnd(null);
    unsettled = undefined;
  }
}

/** Imports the modules of `--import`, one after the other. */
async function importPreloads() {
  const requests = getOptionValue('--import') ?? [];
  const base = loader.baseURL();
  for (let i = 0; i < requests.length; i++) await loader.importModule(requests[i], base);
}

async function runRecord(record) {
  unsettled = record;
  await loader.run(record);
}

/**
 * @param {string} filename absolute
 * @param {string} [source] where it has been read
 * @param {boolean} [wasDetected]
 */
function runMain(filename, source, wasDetected) {
  report(
    runToEnd(async () => {
      await importPreloads();
      const isRead = source !== undefined && !loader.asksHooks();
      if (isRead) await runRecord(compileMain(filename, source, wasDetected));
      else if (loader.asksThread()) await runRecord(await loader.loadMain(filename));
      else await runRecord(loader.load(loader.resolveMain(filename), undefined, true));
    })
  );
}

function compileMain(filename, source, wasDetected) {
  const record = new loader.ModuleRecord(loader.resolveMain(filename), 'module');
  record.isMain = true;
  record.wasDetected = wasDetected;
  translateAs(record, 'module', source);
  loader.add(record);
  return record;
}

/**
 * Runs a program that is no file.
 * @param {string} source
 * @param {string} url
 * @param {boolean} isMain
 */
function runText(source, url, isMain) {
  report(
    runToEnd(async () => {
      await importPreloads();
      const record = new loader.ModuleRecord(url, 'module');
      record.isMain = isMain;
      record.wasDetected = !isMain;
      translateAs(record, 'module', source);
      await runRecord(record);
    })
  );
}

/**
 * Runs a module by its URL.
 * @param {string} url
 */
function runURL(url) {
  report(
    runToEnd(async () => {
      await importPreloads();
      await loader.importModule(url, loader.baseURL());
    })
  );
}

/**
 * Runs the program that a URL names, or a path like those of URLs.
 * @param {string} text
 */
function runEntry(text) {
  const { URL } = require('web/url');
  report(
    runToEnd(async () => {
      await importPreloads();
      const base = loader.baseURL();
      await runRecord(loader.load(loader.resolve(new URL(text, base).href, base), undefined, true));
    })
  );
}

/**
 * Runs a CommonJS program after the modules of `--import`.
 * @param {() => void} start
 */
function runAfterPreloads(start) {
  report(
    runToEnd(async () => {
      await importPreloads();
      start();
    })
  );
}

// The rejection of the main program is an uncaught exception at once, not a rejected promise that is found later.
function report(promise) {
  promise.then(undefined, (error) => internalBinding('task_queue').triggerUncaught(error, true));
}

/** `process.exit()` in the middle of the main program is no mistake. */
function atExit() {
  process.off('exit', handleProcessExit);
  unsettled = undefined;
}

/** Says, at the end of a program that has not come to its end, which `await` it stands at. */
function atEnd() {
  if (unsettled?.wrap === undefined || process.exitCode !== UNSETTLED || getOptionValue('--warnings') === false) return;
  const places = binding.stalledAwaits(unsettled.wrap);
  for (let i = 0; i < places.length; i++) {
    process._rawDebug(`Warning: Detected unsettled top-level await at ${places[i]}\n\n`);
  }
}

module.exports = { importPreloads, runAfterPreloads, runEntry, runMain, runText, runURL };
