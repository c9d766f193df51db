// The beginning of a worker, in its own thread.
'use strict';

const { createPort, receiveMessageOnPort } = require('internal/messaging');
const { types } = require('internal/worker/messages');
const { prepare } = require('web/structured_clone');
const exit = require('internal/process/exit');
const uncaught = require('internal/process/uncaught');
const current = require('internal/worker/current');
const { getOptionValue } = require('internal/options');
const inspector = internalBinding('inspector');

/** Tells the thread that has started this one of an error that nobody caught. */
function reportError(port, error) {
  try {
    const { forms } = require('internal/worker/error_codec');
    for (const form of forms(error)) {
      if (tryToPost(port, { type: types.ERROR, error: form })) return;
    }
  } catch {
    // The program has tampered with what that takes.
  }
  port.postMessage({ type: types.UNSERIALIZABLE });
}

/** Posts a message if it can be cloned; returns whether it can. */
function tryToPost(port, message) {
  try {
    port.postMessage(message);
    return true;
  } catch {
    return false;
  }
}

/** Makes the standard streams those of the other thread. */
function openStreams(port, hasStdin) {
  const streams = { __proto__: null };
  const make = (name) => {
    const { ReadableWorkerStdio, WritableWorkerStdio } = require('internal/worker/stdio');
    if (name !== 'stdin') return new WritableWorkerStdio(port, name);
    const stream = new ReadableWorkerStdio(port, 'stdin', true);
    if (!hasStdin) stream.push(null);
    return stream;
  };
  for (const name of ['stdout', 'stdin', 'stderr']) {
    const get = () => streams[name] ??= make(name);
    Object.defineProperty(process, name, { get, enumerable: true, configurable: true });
  }
  return streams;
}

function onMessage(port, streams, message) {
  if (message.type === types.OUTPUT) {
    // The stream may not have been asked for yet.
    const stream = process[message.stream];
    for (const { chunk, encoding } of message.chunks) stream.push(chunk, encoding);
  } else if (message.type === types.WANTS_MORE) {
    streams[message.stream]?.continueWriting();
  } else if (message.type === types.QUESTION) {
    const { answer } = require('internal/worker/profiles');
    port.postMessage({ type: types.ANSWER, id: message.id, ...answer(message) });
  }
}

/** Called where a program begins. */
function start() {
  prepare();
  const port = createPort();
  const { message } = receiveMessageOnPort(port);
  current.begin(message);
  const streams = openStreams(port, message.hasStdin);
  const flush = () => {
    streams.stdout?.continueWriting();
    streams.stderr?.continueWriting();
  };
  exit.atVeryEnd(flush);
  uncaught.setReporter((error) => reportError(port, error));
  require('internal/worker/process').adapt(process, message.cwdChanges);
  require('internal/worker/environment_data').inherit(message.environmentData);
  if (message.tracksDescriptors) require('internal/worker/descriptors').track();
  port.on('message', (later) => onMessage(port, streams, later));
  port.unref();
  if (message.kind === 'hooks') {
    process.argv = [process.argv[0]];
    require('internal/modules/esm/hooks_worker').begin();
  } else {
    process.argv = [process.argv[0], message.kind === 'eval' ? '[worker eval]' : message.program, ...message.argv];
  }
  if (message.kind !== 'hooks') announce(message);
  port.postMessage({ type: types.ONLINE });
  return message;
}

/** Lets debuggers know of the worker, and waits for one where that is wanted. */
function announce({ kind, program }) {
  const isFile = kind !== 'eval' && kind !== 'data';
  const isWanted = inspector.announce(isFile ? program : '');
  if (isWanted || getOptionValue('--inspect-brk') === true || getOptionValue('--inspect-wait') === true) {
    require('internal/inspector/server').waitAsWorker(isFile, isWanted);
  }
}

/** Runs the program after the modules of `--require`. */
function run({ kind, program, workerData }) {
  if (kind === 'hooks') {
    require('internal/modules/esm/hooks_worker').run(workerData);
  } else if (kind === 'eval') {
    process._eval = program;
    require('internal/process/execution').run('[worker eval]', program, false);
  } else if (kind === 'data') {
    require('internal/modules/esm/main').runURL(program);
  } else {
    require('internal/modules/cjs').Module.runMain(program);
  }
}

module.exports = { run, start };
