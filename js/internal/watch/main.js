// `--watch` and `--watch-path`: runs a program in a child process, and anew whenever a file changes that matters.
'use strict';

const { resolve } = require('path');
const { spawn } = require('child_process');
const { FilesWatcher } = require('internal/watch/files_watcher');
const { getOptionValue } = require('internal/options');
const { kVariable } = require('internal/watch/report');
const { validateSignalName } = require('internal/validators');
const { inspect } = require('internal/util/inspect');
const colors = require('internal/util/colors');

/** The options of the watched process: ours without those that have it watched. */
function optionsOfChild(execArgv) {
  const kept = [];
  for (let i = 0; i < execArgv.length; i++) {
    const option = execArgv[i];
    if (option === '--watch-path') i++;
    else if (!/^--(?:watch|watch-path)(?:=|$)/.test(option)) kept.push(option);
  }
  return kept;
}

/** A program that is kept running. */
class WatchedProgram {
  #args;
  #child;
  #command = process.argv.slice(1);
  #exited;
  #isEnding = false;
  #isRestarting = false;
  #paths = (getOptionValue('--watch-path') ?? []).map((path) => resolve(path));
  #signal;
  #title = inspect(this.#command.join(' '));
  #watcher = new FilesWatcher();

  constructor() {
    this.#signal = getOptionValue('--watch-kill-signal') ?? 'SIGTERM';
    validateSignalName(this.#signal);
    this.#args = [...optionsOfChild(process.execArgv), ...this.#command];
    this.#watcher.on('change', ({ path }) => this.#restart(path));
    for (const path of this.#paths) this.#watcher.watchTree(path);
    if (getOptionValue('--test')) this.#watchTestFiles();
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => this.#end(signal));
    if (process.send !== undefined) process.on('message', (message) => this.#child.connected && this.#child.send(message));
  }

  start() {
    const environment = { ...process.env, [kVariable]: '1' };
    const child = spawn(process.execPath, this.#args, {
      env: environment,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    if (this.#paths.length === 0) this.#watchFilesOf(child);
    if (process.send !== undefined) child.on('message', (message) => process.send(message));
    this.#exited = new Promise((fulfil) => {
      child.once('exit', (code) => {
        if (child === this.#child && !this.#isRestarting) this.#tellOfEnd(code);
        fulfil(code);
      });
    });
  }

  #watchFilesOf(child) {
    this.#watcher.forget(undefined);
    if (this.#command.length > 0) this.#watcher.watchFile(resolve(this.#command[0]));
    const files = ['--env-file', '--env-file-if-exists'].flatMap((name) => getOptionValue(name) ?? []);
    for (const file of files) this.#watcher.watchFile(resolve(file));
    this.#watcher.watchModulesOf(child);
  }

  /** A new file that holds tests is one of the program's. */
  #watchTestFiles() {
    const { findTestFiles } = require('internal/test/files');
    const cwd = process.cwd();
    this.#watcher.watchTree(cwd, (path) => findTestFiles(this.#command, cwd).includes(path));
  }

  #say(color, text) {
    process.stdout.write(`${color}${text}${colors.white}\n`);
  }

  #tellOfEnd(code) {
    const after = 'Waiting for file changes before restarting...';
    if (code === 0) this.#say(colors.blue, `Completed running ${this.#title}. ${after}`);
    else this.#say(colors.red, `Failed running ${this.#title}. ${after}`);
  }

  async #restart(path) {
    if (this.#isRestarting) return;
    this.#isRestarting = true;
    if (!getOptionValue('--watch-preserve-output')) process.stdout.write(colors.clear);
    this.#say(colors.blue, `Change detected in ${inspect(path)}`);
    this.#say(colors.green, `Restarting ${this.#title}`);
    const isRunning = this.#isRunning();
    if (isRunning) this.#say(colors.blue, 'Waiting for graceful termination...');
    await this.#kill(this.#signal);
    // Nobody would end another one.
    if (this.#isEnding) return;
    if (isRunning) this.#say(colors.green, `Gracefully restarted ${this.#title}`);
    this.#isRestarting = false;
    this.start();
  }

  #isRunning() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @returns {Promise<number | null>} the exit code of the child */
  #kill(signal) {
    if (this.#isRunning()) this.#child.kill(signal);
    return this.#exited;
  }

  async #end(signal) {
    this.#isEnding = true;
    this.#isRestarting = true;
    this.#watcher.close();
    const isRunning = this.#isRunning();
    const code = await this.#kill(signal);
    process.exit(isRunning ? code ?? 0 : 0);
  }
}

function main() {
  new WatchedProgram().start();
}

module.exports = { main };
