// Where results go: the reporters and destinations that the command line names.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');

const DEFAULT_REPORTER = 'spec';
const DEFAULT_DESTINATION = 'stdout';
const own = new Set(['dot', 'junit', 'lcov', 'spec', 'tap']);

/**
 * Connects the reporters of a run.
 * @param {object} root
 * @returns {Promise<void>} resolved when they take events
 */
async function connectReporters(root) {
  // Reporters are connected, and so begin to read, after what can run at once.
  await undefined;
  const { config, stream } = root;
  if (process.env.NODE_TEST_CONTEXT?.startsWith('child')) {
    require('internal/test/child_reports').connect(stream);
    root.flushed = ended(stream, 'end');
    return;
  }
  const reporters = config.reporters.length === 0 ? [DEFAULT_REPORTER] : config.reporters;
  const destinations = config.destinations.length === 0 && reporters.length === 1 ?
    [DEFAULT_DESTINATION] :
    config.destinations;
  if (reporters.length !== destinations.length) {
    throw new ERR_INVALID_ARG_VALUE('--test-reporter', config.reporters,
      'must match the number of specified \'--test-reporter-destination\'');
  }
  const written = [];
  for (let i = 0; i < reporters.length; i++) {
    const reporter = own.has(reporters[i]) ? ownReporter(reporters[i]) : await load(reporters[i]);
    const composed = stream.compose(reporter);
    composed.on('error', (error) => {
      process.exitCode = 7;
      throw error;
    });
    const destination = openDestination(destinations[i]);
    composed.pipe(destination);
    const isStandard = destination === process.stdout || destination === process.stderr;
    written.push(ended(isStandard ? composed : destination, isStandard ? 'end' : 'finish'));
  }
  root.flushed = Promise.all(written);
}

function ended(stream, event) {
  return new Promise((resolve) => {
    stream.once(event, resolve);
  });
}

function ownReporter(name) {
  const reporters = require('test/reporters');
  return name === 'spec' || name === 'lcov' ? new reporters[name]() : reporters[name];
}

async function load(name) {
  const { baseURL, importModule } = require('internal/modules/esm/loader');
  const loaded = await importModule(name, baseURL());
  let reporter = loaded?.default ?? loaded;
  if (reporter?.default !== undefined) reporter = reporter.default;
  if (typeof reporter === 'function' && isConstructor(reporter)) reporter = new reporter();
  if (!reporter) throw new ERR_INVALID_ARG_VALUE('Reporter', name, 'is not a valid reporter');
  return reporter;
}

function isConstructor(reporter) {
  const { prototype } = reporter;
  return prototype !== undefined && Object.getOwnPropertyDescriptor(prototype, 'constructor') !== undefined;
}

function openDestination(name) {
  if (name === 'stdout') return process.stdout;
  if (name === 'stderr') return process.stderr;
  return require('fs').createWriteStream(name);
}

module.exports = { connectReporters };
