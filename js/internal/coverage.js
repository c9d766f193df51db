// NODE_V8_COVERAGE: what of the program has run, as V8 counts it, written to files.
'use strict';

const fs = require('fs');
const { join, resolve } = require('path');
const { recordUntilEnd } = require('internal/process/exit');

/** While code is counted: V8's session, and the directory for the files. */
let session;
let directory;
let isRecorded = false;

/** What other threads of the program have counted is written by these. */
const others = [];

require('internal/revival').whenRevived(() => {
  session = undefined;
  directory = undefined;
});

function ask(method, params) {
  let answer;
  session.post(method, params, (error, result) => {
    if (error === null) answer = result;
  });
  return answer;
}

/**
 * Counts what runs from now on; at the end of the program a file is written.
 * @param {string} [target]  the directory of the file, where it is known already
 */
function begin(target) {
  if (target !== undefined) directory = resolve(target);
  if (session !== undefined) return;
  const { Session } = require('inspector');
  session = new Session();
  session.connect();
  ask('Profiler.enable');
  ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  require('internal/source_map/cache').keepForCoverage();
  if (!isRecorded) recordUntilEnd(take);
  isRecorded = true;
}

/**
 * Begins as the environment or `--experimental-test-coverage` ask for it. Programs and children see the directory
 * as an absolute path.
 */
function beginAsAsked() {
  const target = process.env.NODE_V8_COVERAGE;
  if (target) process.env.NODE_V8_COVERAGE = resolve(target);
  begin(target || undefined);
}

/** @param {() => void} write  has another thread write what it has counted */
function takeAlso(write) {
  others.push(write);
}

/** Writes what was counted since the last time. */
function take() {
  if (session === undefined || directory === undefined) return;
  for (const write of others) write();
  const counted = ask('Profiler.takePreciseCoverage');
  if (counted === undefined) {
    process._rawDebug('Failed to get \'result\' from coverage profile response');
    return;
  }
  const { threadId } = require('internal/worker/current');
  const name = `coverage-${process.pid}-${Date.now()}-${threadId}.json`;
  const report = { result: ofProgram(counted.result), timestamp: counted.timestamp };
  const maps = require('internal/source_map/cache').forCoverage();
  if (maps !== undefined) report['source-map-cache'] = maps;
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(join(directory, name), JSON.stringify(report));
  } catch (error) {
    process._rawDebug(`${error.path}: Failed to write file (${error.message})`);
  }
}

/** The files of the program, by their URLs. */
function ofProgram(scripts) {
  const { pathToFileURL } = require('internal/url');
  const kept = [];
  for (const script of scripts) {
    const { url } = script;
    if (url === '' || url.startsWith('node:')) continue;
    kept.push(url.startsWith('/') ? { ...script, url: pathToFileURL(url).href } : script);
  }
  return kept;
}

/** Counts no longer. */
function stop() {
  if (session === undefined) return;
  ask('Profiler.stopPreciseCoverage');
  ask('Profiler.disable');
  session.disconnect();
  session = undefined;
}

module.exports = { begin, beginAsAsked, stop, take, takeAlso };
