// What is typed at the command-line debugger, and what it shows when the program is held.
'use strict';

const repl = require('repl');
const vm = require('vm');
const { inspect } = require('util');
const { codes: { ERR_DEBUGGER_ERROR } } = require('internal/errors');
const { validateNumber, validateString } = require('internal/validators');
const { Breakpoints } = require('internal/debugger/breakpoints');
const { Tools } = require('internal/debugger/tools');
const { commands: help } = require('internal/debugger/help');
const { Backtrace, RemoteValue, ScopeNames, Snippet, shownPath } = require('internal/debugger/values');

const PROMPT = 'debug> ';
const AROUND_BREAKPOINT = 5;
const AROUND_BY_DEFAULT = 2;
const EVALUATE_COMMAND = /^\s*(?:exec|p)\s+([^\n]*)/;
const DOMAINS = ['Debugger', 'HeapProfiler', 'Profiler', 'Runtime'];

/** The commands of one session. */
class Prompt {
  #session;
  #client;
  #screen;
  #repl;
  #scripts = new Map();
  #breakpoints;
  #tools;
  #watched = [];
  #around = AROUND_BY_DEFAULT;
  #onException = 'none';
  /** Where the program is held. */
  #backtrace = null;
  #frame = null;
  #script = null;
  #lastLine = '';
  #evaluatesAll = false;
  #resumesOnStart = process.env.NODE_INSPECT_RESUME_ON_START === '1';

  constructor(session) {
    this.#session = session;
    this.#client = session.client;
    this.#screen = session.screen;
    this.#breakpoints = new Breakpoints(this.#client, this.#scripts);
    this.#tools = new Tools(this.#client, (text, endsLine) => this.#screen.print(text, endsLine));
    this.#client.on('Debugger.paused', (params) => this.#onPaused(params));
    this.#client.on('Debugger.resumed', () => this.#forgetPlace());
    this.#client.on('Debugger.scriptParsed', (script) => {
      if (script.url) this.#scripts.set(script.scriptId, script);
    });
    this.#client.on('close', () => {
      this.#forgetPlace();
      this.#scripts.clear();
    });
  }

  async start() {
    this.#repl = repl.start({
      ...this.#screen.streams,
      prompt: PROMPT,
      eval: (input, context, filename, callback) => this.#evaluate(input, context, filename, callback),
      useGlobal: false,
      ignoreUndefined: true,
    });
    this.#screen.repl = this.#repl;
    this.#define(this.#repl.context);
    this.#repl.on('reset', (context) => this.#define(context));
    this.#repl.on('exit', async () => {
      this.#screen.repl = null;
      await this.#session.kill();
      process.exit(0);
    });
    this.#repl.on('SIGINT', () => this.#leaveEvaluation());
    this.#repl.defineCommand('interrupt', () => this.#leaveEvaluation());
    await this.#begin(false);
    this.#repl.displayPrompt();
  }

  /** Prepares a program that has just been connected with; one that has been started anew gets the breakpoints. */
  async #begin(isAnew) {
    const call = (method, params) => this.#client.call(method, params);
    await Promise.all([
      call('Runtime.enable'),
      call('Profiler.enable'),
      call('Profiler.setSamplingInterval', { interval: 100 }),
      call('Debugger.enable'),
      call('Debugger.setAsyncCallStackDepth', { maxDepth: 0 }),
      call('Debugger.setBlackboxPatterns', { patterns: [] }),
      call('Debugger.setPauseOnExceptions', { state: this.#onException }),
    ]);
    if (isAnew) await this.#breakpoints.restore();
    await call('Runtime.runIfWaitingForDebugger');
  }

  /** Carries out a line; an empty one repeats the last. */
  async #evaluate(input, context, filename, callback) {
    try {
      if (input === '\n') input = this.#lastLine;
      else this.#lastLine = input;
      callback(null, await this.#carryOut(input, context, filename));
    } catch (error) {
      callback(error);
    }
  }

  #carryOut(input, context, filename) {
    if (this.#evaluatesAll) return this.#execute(input);
    const expression = EVALUATE_COMMAND.exec(input);
    const code = expression === null ? input : `exec(${JSON.stringify(expression[1])})`;
    return vm.runInContext(code, context, { filename });
  }

  #leaveEvaluation() {
    if (this.#evaluatesAll) {
      this.#evaluatesAll = false;
      this.#repl.setPrompt(PROMPT);
    }
    this.#repl.displayPrompt();
  }

  #enterEvaluation() {
    this.#evaluatesAll = true;
    this.#screen.printOn('Press Ctrl+C to leave debug repl\n');
    this.#repl.setPrompt('> ');
  }

  #forgetPlace() {
    this.#backtrace = null;
    this.#frame = null;
    this.#script = null;
  }

  async #onPaused({ reason, callFrames }) {
    if (this.#resumesOnStart && reason === 'Break on start') {
      this.#resumesOnStart = false;
      this.#client.call('Debugger.resume');
      return;
    }
    for (const frame of callFrames) frame.url = this.#scripts.get(frame.location.scriptId)?.url ?? frame.url;
    this.#backtrace = Backtrace.from(callFrames);
    this.#frame = callFrames[0];
    const { url, location: { scriptId, lineNumber } } = this.#frame;
    this.#script = { scriptId, url };
    const header = `${reason === 'other' ? 'break' : reason} in ${shownPath(url)}:${lineNumber + 1}`;
    try {
      const [watched, snippet] =
        await Promise.all([this.#describeWatched(), this.#snippet(this.#frame.location, this.#around)]);
      const watchers = watched === '' ? '' : `Watchers:\n${watched}\n\n`;
      this.#screen.print(`${header}\n${watchers}${inspect(snippet)}`);
    } catch (error) {
      this.#screen.print(`${header}\n${error.message}`);
    }
    this.#screen.repl?.displayPrompt(true);
  }

  async #snippet(location, around) {
    const { scriptId, lineNumber } = location;
    const { scriptSource } = await this.#client.call('Debugger.getScriptSource', { scriptId });
    return new Snippet(scriptSource.split('\n'), lineNumber, around, this.#breakpoints.linesOf(scriptId));
  }

  /** Evaluates in the function that is held, or else globally; what is thrown is the value then. */
  async #remoteValue(expression) {
    // A text that begins like a block is more often meant to be an object.
    const isObject = /^\s*\{/.test(expression) && !/;\s*$/.test(expression);
    const params = {
      expression: isObject ? `(${expression.trim()})` : expression,
      objectGroup: 'node-inspect',
      generatePreview: true,
    };
    const { result } = this.#frame === null ?
      await this.#client.call('Runtime.evaluate', params) :
      await this.#client.call('Debugger.evaluateOnCallFrame', { ...params, callFrameId: this.#frame.callFrameId });
    return new RemoteValue(result);
  }

  async #execute(expression) {
    if (expression.trim?.() === '.scope') return this.#scopes();
    const value = await this.#remoteValue(expression);
    if (value.type === 'undefined') this.#screen.printOn('undefined\n');
    return value.type === 'undefined' ? undefined : value;
  }

  async #scopes() {
    const scopes = this.#requirePlace().scopeChain.filter(({ type }) => type !== 'global');
    return Promise.all(scopes.map(async ({ object: { objectId } }) => {
      const { result } = await this.#client.call('Runtime.getProperties', { objectId, generatePreview: true });
      return ScopeNames.of(result);
    }));
  }

  #requirePlace() {
    if (this.#frame === null) throw new ERR_DEBUGGER_ERROR('Requires execution to be paused');
    return this.#frame;
  }

  async #describeWatched() {
    const values = await Promise.all(this.#watched.map(async (expression) => {
      try {
        return inspect(await this.#remoteValue(expression));
      } catch (error) {
        return `<${error.message}>`;
      }
    }));
    const width = String(this.#watched.length - 1).length;
    const lines = values.map((text, i) => {
      const begin = `  ${String(i).padStart(width)}: ${this.#watched[i]} =`;
      return text.includes('\n') ? `${begin}\n    ${text.split('\n').join('\n    ')}` : `${begin} ${text}`;
    });
    return lines.join('\n');
  }

  async #setBreakpoint(script, line, condition) {
    if (script === undefined) {
      this.#requirePlace();
      return this.#setInScript(this.#script, this.#frame.location.lineNumber + 1, condition);
    }
    if (typeof script === 'number' && line === undefined) {
      this.#requirePlace();
      return this.#setInScript(this.#script, script, condition);
    }
    validateString(script, 'script');
    if (line === undefined) return this.#setInFunction(script);
    validateNumber(line, 'line');
    const found = this.#breakpoints.find(script);
    if (found.length > 1) throw new ERR_DEBUGGER_ERROR('Script name is ambiguous');
    if (found.length === 1) return this.#setInScript(found[0], line, condition);
    this.#screen.print(`Warning: script '${script}' was not loaded yet.`);
    return this.#breakpoints.setAhead(script, line, condition);
  }

  async #setInScript(script, line, condition) {
    const location = await this.#breakpoints.setIn(script, line, condition);
    return this.#snippet(location, AROUND_BREAKPOINT);
  }

  /** Has the program held where a function is called that an expression like `object.method()` names. */
  async #setInFunction(call) {
    const name = call.replace(/\(\)$/, '');
    const params = { expression: `debug(${name});`, includeCommandLineAPI: true };
    const { exceptionDetails } = this.#frame === null ?
      await this.#client.call('Runtime.evaluate', params) :
      await this.#client.call('Debugger.evaluateOnCallFrame', { ...params, callFrameId: this.#frame.callFrameId });
    if (exceptionDetails !== undefined) throw new ERR_DEBUGGER_ERROR(exceptionDetails.exception.description);
  }

  async #clearBreakpoint(name, line) {
    const isFound = await this.#breakpoints.clear(name, line);
    if (!isFound) this.#screen.print(`Could not find breakpoint at ${name}:${line}`);
  }

  #listBreakpoints() {
    const lines = this.#breakpoints.describe();
    this.#screen.print(lines.length === 0 ? 'No breakpoints yet' : lines.join('\n'));
  }

  #listScripts(all) {
    const shown = [...this.#scripts.values()].filter(({ url }) => all || !url.startsWith('node:internal/'));
    const lines = shown.map(({ scriptId, url }) => {
      return `${scriptId === this.#script?.scriptId ? '*' : ' '} ${scriptId}: ${shownPath(url)}`;
    });
    this.#screen.printOn(`${lines.join('\n')}\n`);
  }

  async #setOnException(state) {
    this.#onException = state;
    await this.#client.call('Debugger.setPauseOnExceptions', { state });
  }

  async #restart() {
    this.#forgetPlace();
    this.#scripts.clear();
    await this.#session.run();
    await this.#begin(true);
  }

  async #printVersion() {
    const expression = 'process.versions.v8';
    const { result } = await this.#client.call('Runtime.evaluate', { expression });
    this.#screen.print(result.value);
  }

  #list(around = AROUND_BREAKPOINT) {
    return this.#snippet(this.#requirePlace().location, around);
  }

  #watch(expression) {
    validateString(expression, 'expression');
    if (!this.#watched.includes(expression)) this.#watched.push(expression);
  }

  #unwatch(which) {
    const index = typeof which === 'number' ? which : this.#watched.indexOf(which);
    if (index >= 0) this.#watched.splice(index, 1);
  }

  #setAround(delta) {
    if (delta !== undefined) validateNumber(delta, 'delta', 1);
    this.#around = delta ?? AROUND_BY_DEFAULT;
  }

  /** Puts the commands into the context of what is typed: some are functions, some act when they are named. */
  #define(context) {
    const call = (method) => () => this.#client.call(method).then(() => undefined);
    const run = () => this.#restart();
    const when = {
      help: () => this.#screen.print(help),
      run, restart: run, r: run,
      kill: () => this.#session.kill(),
      cont: call('Debugger.resume'), c: call('Debugger.resume'),
      next: call('Debugger.stepOver'), n: call('Debugger.stepOver'),
      step: call('Debugger.stepInto'), s: call('Debugger.stepInto'),
      out: call('Debugger.stepOut'), o: call('Debugger.stepOut'),
      pause: call('Debugger.pause'),
      backtrace: () => this.#backtrace, bt: () => this.#backtrace,
      breakpoints: () => this.#listBreakpoints(),
      breakOnException: () => this.#setOnException('all'),
      breakOnUncaught: () => this.#setOnException('uncaught'),
      breakOnNone: () => this.#setOnException('none'),
      watchers: async () => this.#screen.print(await this.#describeWatched()),
      repl: () => this.#enterEvaluation(),
      version: () => this.#printVersion(),
      profile: () => this.#tools.startProfile(),
      profileEnd: () => this.#tools.endProfile(),
      profiles: () => this.#tools.profiles,
    };
    const scripts = Object.assign((all) => this.#listScripts(all), {
      [inspect.custom]: () => {
        this.#listScripts(false);
        return '';
      },
    });
    const functions = {
      exec: (expression) => this.#execute(expression),
      p: (expression) => this.#execute(expression),
      list: (around) => this.#list(around),
      setContextLineNumber: (delta) => this.#setAround(delta),
      setBreakpoint: (...args) => this.#setBreakpoint(...args),
      sb: (...args) => this.#setBreakpoint(...args),
      clearBreakpoint: (...args) => this.#clearBreakpoint(...args),
      cb: (...args) => this.#clearBreakpoint(...args),
      watch: (expression) => this.#watch(expression),
      unwatch: (which) => this.#unwatch(which),
      takeHeapSnapshot: (filename) => this.#tools.takeHeapSnapshot(filename),
      scripts,
    };
    for (const [name, get] of Object.entries(when)) {
      Object.defineProperty(context, name, { get, enumerable: true, configurable: true });
    }
    Object.assign(context, functions);
    for (const domain of DOMAINS) context[domain] = this.#agent(domain);
  }

  /** A domain of the protocol, with its commands as functions. */
  #agent(domain) {
    return new Proxy({ [inspect.custom]: () => `[Agent ${domain}]` }, {
      get: (target, name) => {
        if (typeof name !== 'string' || name === 'then') return target[name];
        return (params) => this.#client.call(`${domain}.${name}`, params);
      },
    });
  }
}

/** @param {object} session the program and the connection with it */
async function start(session) {
  await new Prompt(session).start();
}

module.exports = { start };
