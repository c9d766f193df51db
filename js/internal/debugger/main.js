// `ironode inspect`: the debugger of the command line.
'use strict';

const { setTimeout: wait } = require('timers/promises');
const { codes: { ERR_DEBUGGER_STARTUP_ERROR } } = require('internal/errors');
const { notThereYet } = require('internal/not_yet');
const { getOptionValue } = require('internal/options');
const { Client } = require('internal/debugger/client');
const { launch } = require('internal/debugger/program');
const { usage } = require('internal/debugger/help');

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 9229;
const INVALID_ARGUMENTS = 9;
const ATTEMPTS = 5;
const ATTEMPT_PAUSE = 500;

/**
 * @param {string[]} words after `inspect`
 * @returns {object | null} what to do; `null` where nothing is asked for
 */
function parse(words) {
  const plan = { host: DEFAULT_HOST, port: DEFAULT_PORT, script: undefined, args: [], isRemote: false };
  let index = 0;
  for (; index < words.length; index++) {
    const port = /^--(?:inspect-|debug-)?port=(\d+)$/.exec(words[index]);
    if (port !== null) plan.port = Number(port[1]);
    else if (words[index].startsWith('--probe')) throw notThereYet('The probes of `inspect` are not there yet in Ironode');
    else break;
  }
  const [target, ...args] = words.slice(index);
  if (target === undefined) return null;
  if (target === '-p') return { ...plan, isRemote: true, pid: parseInt(args[0], 10) };
  const remote = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(target);
  if (remote !== null) {
    return { ...plan, isRemote: true, host: remote[1] ?? (remote[2] || DEFAULT_HOST), port: Number(remote[3]) };
  }
  return { ...plan, script: target, args };
}

/** Prints beside what is being typed. */
class Screen {
  /** @type {import('repl').REPLServer | null} */
  repl = null;
  #input = process.stdin;
  #output = process.stdout;

  get streams() {
    return { input: this.#input, output: this.#output };
  }

  /** Removes what stands in the line. */
  clearLine() {
    if (this.#output.isTTY) {
      this.#output.cursorTo(0);
      this.#output.clearLine(1);
    } else {
      this.#output.write('\b');
    }
  }

  /** Prints a text, in a new line unless the last one goes on. */
  print(text, endsLine = true) {
    this.clearLine();
    this.#output.write(endsLine ? `${text}\n` : text);
  }

  /** Prints the rest of a line. */
  printOn(text) {
    this.#output.write(text);
  }

  /** Prints what the program has printed. */
  printOfProgram(text) {
    if (!text) return;
    this.clearLine();
    const lines = text.replace(/\r\n/g, '\n').split('\n').map((line) => `< ${line}`);
    this.#output.write(`${lines.join('\n')}\n`);
    this.repl?.displayPrompt(true);
  }
}

/** The program, and the connection with it. */
class Debugger {
  client = new Client();
  screen = new Screen();
  #plan;
  #child = null;

  constructor(plan) {
    this.#plan = plan;
    process.on('exit', () => this.#child?.kill());
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(0));
  }

  /** Starts the program where it is not running, and connects with it. */
  async run() {
    await this.kill();
    let { host, port } = this.#plan;
    if (!this.#plan.isRemote) {
      const launched = await launch(this.#plan, (text) => this.screen.printOfProgram(text));
      ({ host, port } = launched);
      this.#child = launched.child;
      launched.child.once('exit', () => {
        if (this.#child !== launched.child) return;
        this.#child = null;
        this.client.reset();
      });
    }
    await this.#connect(host, port);
  }

  async #connect(host, port) {
    this.screen.print(`connecting to ${host}:${port} ...`, false);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.client.connect(host, port);
        this.screen.printOn(' ok\n');
        return;
      } catch (error) {
        // A server that speaks otherwise will go on to do so.
        if (error.code === 'ERR_DEBUGGER_ERROR' && error.message.includes('mismatch')) throw error;
        if (attempt === ATTEMPTS) {
          this.screen.printOn(` failed to connect to ${host}:${port}, please retry\n`);
          process.exit(1);
        }
        this.screen.printOn('.');
        await wait(ATTEMPT_PAUSE);
      }
    }
  }

  /** Ends the program, or the connection with one that is not ours. */
  async kill() {
    this.client.reset();
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    const { promise, resolve } = Promise.withResolvers();
    child.once('exit', resolve);
    child.kill();
    await promise;
  }
}

async function debug(plan) {
  if (plan.pid !== undefined) attachTo(plan.pid);
  const session = new Debugger(plan);
  // What is typed meanwhile is for the prompt.
  process.stdin.pause();
  await session.run();
  await require('internal/debugger/prompt').start(session);
}

/** Has a running process listen. */
function attachTo(pid) {
  try {
    process._debugProcess(pid);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
    process.stderr.write(`Target process: ${pid} doesn't exist.\n`);
    process.exit(1);
  }
}

/** Begins with the command line. */
function start() {
  const words = process.argv.slice(1);
  const plan = parse(words);
  if (plan === null) {
    process.stderr.write(usage());
    process.exit(INVALID_ARGUMENTS);
  }
  if (getOptionValue('--inspect-port') !== undefined && plan.port === DEFAULT_PORT) plan.port = process.debugPort;
  debug(plan).catch((error) => {
    if (error instanceof ERR_DEBUGGER_STARTUP_ERROR) process.stderr.write(` ${error.message}\n`);
    else process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
}

module.exports = { start };
