// The program that the command-line debugger runs, or finds running.
'use strict';

const { spawn } = require('child_process');
const net = require('net');
const { setTimeout: wait } = require('timers/promises');
const { codes: { ERR_DEBUGGER_STARTUP_ERROR } } = require('internal/errors');

const LISTENING = /Debugger listening on ws:\/\/\[?(.+?)\]?:(\d+)\//;
const PORT_PATIENCE = 3000;
const PORT_PAUSE = 100;
const START_PATIENCE = 9000;

/** Whether nobody else listens there. */
function isFree(host, port) {
  const { promise, resolve } = Promise.withResolvers();
  const server = net.createServer();
  server.on('error', () => resolve(false));
  server.listen(port, host, () => server.close(() => resolve(true)));
  return promise;
}

/**
 * Waits until nobody else listens on the port that the program is to have.
 * @param {string} host
 * @param {number} port 0 is always free
 */
async function waitForPort(host, port) {
  if (port === 0) return;
  const deadline = Date.now() + PORT_PATIENCE;
  while (!await isFree(host, port)) {
    if (Date.now() >= deadline) {
      throw new ERR_DEBUGGER_STARTUP_ERROR(`Timeout (${PORT_PATIENCE}) waiting for ${host}:${port} to be free`);
    }
    await wait(PORT_PAUSE);
  }
}

/**
 * Starts a program that waits for a debugger.
 * @param {{ host: string, port: number, script: string, args: string[] }} plan
 * @param {(text: string) => void} onText gets what the program prints
 * @returns {Promise<{ child: ChildProcess, host: string, port: number }>}
 */
async function launch({ host, port, script, args }, onText) {
  await waitForPort(host, port);
  const child = spawn(process.execPath, [...process.execArgv, `--inspect-brk=${port}`, script, ...args]);
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  child.stdout.on('data', (text) => onText(text));
  const { promise, resolve, reject } = Promise.withResolvers();
  let output = '';
  const patience = setTimeout(() => {
    reject(new ERR_DEBUGGER_STARTUP_ERROR('Timed out waiting for the debugger to listen', { childStderr: output }));
  }, START_PATIENCE);
  child.on('exit', () => reject(new ERR_DEBUGGER_STARTUP_ERROR('The program has ended', { childStderr: output })));
  child.stderr.on('data', (text) => {
    onText(text);
    output += text;
    const found = LISTENING.exec(output);
    if (found !== null) resolve({ child, host: found[1], port: Number(found[2]) });
  });
  try {
    return await promise;
  } finally {
    clearTimeout(patience);
  }
}

module.exports = { launch };
