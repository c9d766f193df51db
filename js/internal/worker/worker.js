// The class Worker: a thread as the one that has started it sees it.
'use strict';

const EventEmitter = require('events');
const { codes } = require('internal/errors');
const {
  ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_WORKER_INVALID_EXEC_ARGV, ERR_WORKER_NOT_RUNNING, ERR_WORKER_PATH,
} = codes;
const { validateBoolean, validateNumber, validateObject, validateString } = require('internal/validators');
const { MessageChannel, MessagePort, createPort, drainMessagePort, portHandle } = require('internal/messaging');
const { prepare } = require('web/structured_clone');
const { shareCwd } = require('internal/process/environment');
const asyncHooks = require('internal/async_hooks');
const { types } = require('internal/worker/messages');
const current = require('internal/worker/current');
const { environmentData } = require('internal/worker/environment_data');

const binding = internalBinding('worker');

const SHARE_ENV = Symbol.for('nodejs.worker_threads.SHARE_ENV');
const LIMITS = ['maxYoungGenerationSizeMb', 'maxOldGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'];
const DEFAULT_LIMITS = [-1, -1, -1, 4];

/** Which program a worker is asked to run: its kind and its file name, text or URL. */
function toProgram(filename, options) {
  if (options.eval) {
    if (typeof filename !== 'string') {
      throw new ERR_INVALID_ARG_VALUE('options.eval', options.eval, 'must be false when \'filename\' is not a string');
    }
    return ['eval', filename];
  }
  const { isURL } = require('internal/url');
  if (isURL(filename)) {
    if (filename.protocol === 'data:') return ['data', `${filename}`];
    return ['file', require('url').fileURLToPath(filename)];
  }
  if (typeof filename !== 'string') throw new ERR_INVALID_ARG_TYPE('filename', ['string', 'URL'], filename);
  const path = require('path');
  if (path.isAbsolute(filename)) return ['file', path.resolve(filename)];
  if (!/^\.\.?[\\/]/.test(filename)) throw new ERR_WORKER_PATH(filename);
  return ['file', path.resolve(filename)];
}

/** The variables of a worker as names and values in turn; undefined where they are those of its parent. */
function toVariables(env) {
  if (typeof env === 'object' && env !== null) {
    const pairs = [];
    for (const [name, value] of Object.entries(env)) pairs.push(name, `${value}`);
    return pairs;
  }
  if (env !== null && env !== undefined && env !== SHARE_ENV) {
    throw new ERR_INVALID_ARG_TYPE(
      'options.env', ['object', 'undefined', 'null', 'worker_threads.SHARE_ENV'], env
    );
  }
  return undefined;
}

/** The options before `--`, which ends them. */
function beforeDashes(args) {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

function checkOptions(execArgv, env) {
  const own = typeof env === 'object' && env !== null ? env.NODE_OPTIONS : undefined;
  if (own !== undefined && own !== process.env.NODE_OPTIONS) {
    const refused = binding.readOptions([], `${own}`);
    if (refused.length > 0) throw new ERR_WORKER_INVALID_EXEC_ARGV(refused, 'invalid NODE_OPTIONS env variable');
  }
  if (execArgv === undefined) return;
  const refused = binding.readOptions(execArgv);
  if (refused.length > 0) throw new ERR_WORKER_INVALID_EXEC_ARGV(refused);
}

function toLimits(limits) {
  const sizes = [...DEFAULT_LIMITS];
  if (typeof limits !== 'object' || limits === null) return sizes;
  LIMITS.forEach((name, i) => {
    if (typeof limits[name] === 'number') sizes[i] = name === 'maxOldGenerationSizeMb' ? Math.max(limits[name], 2) : limits[name];
  });
  return sizes;
}

function fromLimits(sizes) {
  return Object.fromEntries(LIMITS.map((name, i) => [name, sizes[i]]));
}

/** In the place of a file name: the thread of module hooks. */
const hooks = Symbol('hooks');

/** A worker's thread and the means to talk to it. */
class Worker extends EventEmitter {
  #handle;
  #port;
  #publicPort;
  #publicHandle;
  #limits;
  #threadId;
  #threadName;
  #keepsOutput;
  #streams = { __proto__: null };
  #asyncId = 0;
  #isOnline = false;
  /** What is to be told when the worker has ended before it has answered. */
  #pending = new Set();
  /** What takes the answers to questions, by their numbers. */
  #questions = new Map();
  #asked = 0;

  /**
   * @param {string | URL} filename  a file, or with `options.eval` a program
   * @param {object} [options]  see Node's documentation
   */
  constructor(filename, options = {}) {
    super();
    require('internal/v8/startup_snapshot').mustNotBeBuilding('Creating workers');
    options ??= {};
    if (options.execArgv && !Array.isArray(options.execArgv)) {
      throw new ERR_INVALID_ARG_TYPE('options.execArgv', 'Array', options.execArgv);
    }
    if (options.argv && !Array.isArray(options.argv)) {
      throw new ERR_INVALID_ARG_TYPE('options.argv', 'Array', options.argv);
    }
    const argv = options.argv ? options.argv.map(String) : [];
    const [kind, program] = filename === hooks ? ['hooks', ''] : toProgram(filename, options);
    const env = toVariables(options.env);
    let name = 'WorkerThread';
    if (options.name !== undefined && options.name !== null) {
      validateString(options.name, 'options.name');
      name = options.name.trim();
    }
    if (options.trackUnmanagedFds !== undefined) validateBoolean(options.trackUnmanagedFds, 'options.trackUnmanagedFds');
    const execArgv = options.execArgv ? beforeDashes(options.execArgv.map(String)) : undefined;
    checkOptions(execArgv, options.env);
    this.#limits = toLimits(options.resourceLimits);
    this.#threadName = name;
    this.#keepsOutput = { __proto__: null, stdout: Boolean(options.stdout), stderr: Boolean(options.stderr) };
    this.#open(kind, program, argv, options);
    const started = this.#handle.start(name, argv, execArgv, env, options.env === SHARE_ENV, this.#limits);
    if (!started) {
      this.#abandon();
      throw new codes.ERR_WORKER_INIT_FAILED('EAGAIN');
    }
    this.performance = { eventLoopUtilization: this.#eventLoopUtilization.bind(this) };
    if (filename !== hooks) process.nextTick(announce, this);
  }

  /** Makes the channels and sends what the worker begins with. */
  #open(kind, program, argv, options) {
    prepare();
    this.#handle = new binding.WorkerHandle();
    if (asyncHooks.state.tracking) {
      this.#asyncId = asyncHooks.newAsyncId();
      const triggerId = asyncHooks.triggerIdOfNewWork();
      if (asyncHooks.state.init > 0) asyncHooks.emitInit(this.#asyncId, 'WORKER', triggerId, this.#handle);
    }
    // The other end of its channel is in the hands of the handle.
    this.#port = createPort();
    this.#handle.onexit = (code, errorCode, reason) => this.#onExit(code, errorCode, reason);
    this.#threadId = this.#handle.id();
    const { port1, port2 } = new MessageChannel();
    this.#publicPort = port1;
    this.#publicHandle = portHandle(port1);
    const transferList = options.transferList ? [port2, ...options.transferList] : [port2];
    try {
      this.#port.postMessage({
        kind, program, argv,
        publicPort: port2,
        workerData: options.workerData,
        environmentData: environmentData(),
        cwdChanges: shareCwd(),
        hasStdin: Boolean(options.stdin),
        // Hooks may start workers, whose hooks would start workers.
        startsHooks: kind !== 'hooks' && current.startsHooks,
        tracksDescriptors: options.trackUnmanagedFds ?? true,
      }, transferList);
    } catch (error) {
      this.#abandon();
      throw error;
    }
    if (options.stdin) this.#makeStdin();
    this.#port.on('message', (message) => this.#onMessage(message));
    this.#port.unref();
    this.#publicPort.on('message', (message) => this.emit('message', message));
    this.#publicPort.on('messageerror', (error) => this.emit('messageerror', error));
    this.#publicPort.unref();
  }

  #abandon() {
    this.#handle.close();
    this.#handle = null;
    this.#closePorts();
  }

  #closePorts() {
    this.#port.close();
    this.#publicPort.close();
  }

  #makeStdin() {
    const { WritableWorkerStdio } = require('internal/worker/stdio');
    this.#streams.stdin = new WritableWorkerStdio(this.#port, 'stdin');
  }

  /** The stream of what the worker writes, made when the program or the first output asks for it. */
  #output(name) {
    let stream = this.#streams[name];
    if (stream !== undefined) return stream;
    const { ReadableWorkerStdio } = require('internal/worker/stdio');
    stream = this.#streams[name] = new ReadableWorkerStdio(this.#port, name);
    if (!this.#keepsOutput[name]) stream.forward(process[name]);
    if (this.#handle === null) stream.push(null);
    return stream;
  }

  #onMessage(message) {
    switch (message.type) {
      case types.ONLINE:
        this.#isOnline = true;
        this.emit('online');
        break;
      case types.OUTPUT: {
        const stream = this.#output(message.stream);
        for (const { chunk, encoding } of message.chunks) stream.push(chunk, encoding);
        break;
      }
      case types.WANTS_MORE:
        this.#streams[message.stream]?.continueWriting();
        break;
      case types.ERROR:
        this.#onError(message.error);
        break;
      case types.ANSWER:
        this.#questions.get(message.id)(message);
        break;
      default:
        this.#onUnserializable();
    }
  }

  #onError(encoded) {
    // Only one error is told, and messages come before it.
    if (this.#handle === null) return;
    drainMessagePort(this.#publicPort);
    const { decode } = require('internal/worker/error_codec');
    this.emit('error', decode(encoded));
  }

  #onUnserializable() {
    this.emit('error', new codes.ERR_WORKER_UNSERIALIZABLE_ERROR());
  }

  #onExit(code, errorCode, reason) {
    drainMessagePort(this.#publicPort);
    drainMessagePort(this.#port);
    if (this.#asyncId > 0) {
      this.#handle.close(forgetReference);
      asyncHooks.emitDestroy(this.#asyncId);
    } else {
      this.#handle.close();
    }
    this.#handle = null;
    this.#publicHandle.unref();
    this.#closePorts();
    for (const name of ['stdout', 'stderr']) {
      const stream = this.#streams[name];
      if (stream !== undefined && !stream.readableEnded && !stream.isEnded) stream.push(null);
    }
    for (const reject of this.#pending) reject(new ERR_WORKER_NOT_RUNNING());
    this.#pending.clear();
    try {
      if (errorCode !== undefined) this.emit('error', new codes[errorCode](reason));
    } finally {
      this.emit('exit', code);
    }
  }

  /**
   * @param {any} message
   * @param {object[] | { transfer?: object[] }} [transferList]
   */
  postMessage() {
    if (this.#handle === null) return;
    if (arguments.length === 1) this.#publicHandle.post(arguments[0]);
    else Reflect.apply(MessagePort.prototype.postMessage, this.#publicPort, arguments);
  }

  /**
   * Ends the worker as soon as possible.
   * @returns {Promise<number | undefined>} the exit code; undefined where it has ended before
   */
  terminate() {
    if (this.#handle === null) return Promise.resolve();
    this.ref();
    const ended = new Promise((resolve) => this.once('exit', resolve));
    this.#handle.terminate();
    return ended;
  }

  async [Symbol.asyncDispose]() {
    await this.terminate();
  }

  /** Keeps the event loop alive as long as the worker lives, as it does from the start. */
  ref() {
    if (this.#handle === null) return;
    this.#handle.ref();
    this.#publicPort.ref();
  }

  unref() {
    if (this.#handle === null) return;
    this.#handle.unref();
    this.#publicPort.unref();
  }

  /** @returns {number} -1 when it has ended */
  get threadId() {
    return this.#handle === null ? -1 : this.#threadId;
  }

  get threadName() {
    return this.#handle === null ? null : this.#threadName;
  }

  get stdin() {
    return this.#streams.stdin ?? null;
  }

  get stdout() {
    return this.#output('stdout');
  }

  get stderr() {
    return this.#output('stderr');
  }

  get resourceLimits() {
    return this.#handle === null ? {} : fromLimits(this.#limits);
  }

  /** Asks the worker's thread for something; rejected where it has ended. */
  #ask(question) {
    return new Promise((resolve, reject) => {
      const isAsked = this.#handle !== null && this.#handle[question]((error, answer) => {
        if (!this.#pending.delete(reject)) return;
        resolve(answer);
      });
      if (isAsked) this.#pending.add(reject);
      else reject(new ERR_WORKER_NOT_RUNNING());
    });
  }

  /**
   * @param {{ exposeInternals?: boolean, exposeNumericValues?: boolean }} [options]
   * @returns {Promise<Readable>} a snapshot of the worker's heap
   */
  getHeapSnapshot(options = undefined) {
    const { checkSnapshotOptions } = require('internal/v8/heap_snapshot');
    checkSnapshotOptions(options);
    return this.#ask('heapSnapshot').then((bytes) => {
      const { Readable } = require('stream');
      return Readable.from([bytes], { objectMode: false });
    });
  }

  /** @returns {Promise<object>} as `v8.getHeapStatistics()` in the worker */
  getHeapStatistics() {
    const { toHeapStatistics } = require('internal/v8/heap');
    return this.#ask('heapStatistics').then((numbers) => {
      const statistics = toHeapStatistics(numbers);
      statistics.does_zap_garbage = statistics.does_zap_garbage !== 0;
      return statistics;
    });
  }

  /**
   * @param {{ user: number, system: number }} [previous]
   * @returns {Promise<{ user: number, system: number }>} the processor time of the worker in microseconds
   */
  cpuUsage(previous = undefined) {
    if (previous) {
      validateObject(previous, 'prev');
      validateNumber(previous.user, 'prev.user', 0, Number.MAX_SAFE_INTEGER);
      validateNumber(previous.system, 'prev.system', 0, Number.MAX_SAFE_INTEGER);
    }
    return this.#ask('cpuUsage').then(([user, system]) => {
      if (!previous) return { user, system };
      return { user: user - previous.user, system: system - previous.system };
    });
  }

  /** Asks the worker's JavaScript for something. */
  #question(name, argument) {
    if (this.#handle === null) return Promise.reject(new ERR_WORKER_NOT_RUNNING());
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      this.#questions.set(id, ({ answer, failure }) => {
        this.#questions.delete(id);
        this.#pending.delete(reject);
        if (failure === undefined) resolve(answer);
        else reject(Object.assign(new Error(failure.message), { code: failure.code }));
      });
      this.#port.postMessage({ type: types.QUESTION, id, name, argument });
    });
  }

  /**
   * @param {object} [options]  as of `v8.startCpuProfile()`
   * @returns {Promise<CPUProfileHandle>} a profile of the worker's processor time
   */
  async startCpuProfile(options = undefined) {
    const id = await this.#question('startCpuProfile', options);
    const { CPUProfileHandle } = require('internal/worker/profiles');
    return new CPUProfileHandle((name, argument) => this.#question(name, argument), id);
  }

  /**
   * @param {object} [options]  as of `v8.startHeapProfile()`
   * @returns {Promise<HeapProfileHandle>} a profile of the worker's allocations
   */
  async startHeapProfile(options = undefined) {
    const id = await this.#question('startHeapProfile', options);
    const { HeapProfileHandle } = require('internal/worker/profiles');
    return new HeapProfileHandle((name, argument) => this.#question(name, argument), id);
  }

  #eventLoopUtilization(utilization1, utilization2) {
    const times = this.#handle === null || !this.#isOnline ? undefined : this.#handle.loopTimes();
    if (times === undefined) return { idle: 0, active: 0, utilization: 0 };
    const { utilization } = require('internal/perf/event_loop_utilization');
    return utilization(times[0], times[1], utilization1, utilization2);
  }
}

/** Called in the closing phase: hooks that still have the handle learn that there is nothing to refer to. */
function forgetReference() {
  this.hasRef = () => undefined;
}

/**
 * Starts the thread of module hooks, which programs do not see as a worker.
 * @param {object} data for `internal/modules/esm/hooks_worker`
 * @param {object[]} transferList
 * @returns {Worker}
 */
function startHooksWorker(data, transferList) {
  return new Worker(hooks, { workerData: data, transferList, trackUnmanagedFds: false });
}

function announce(worker) {
  process.emit('worker', worker);
  const { channel } = require('diagnostics_channel');
  const created = channel('worker_threads');
  if (created.hasSubscribers) created.publish({ worker });
}

module.exports = { LIMITS, SHARE_ENV, Worker, fromLimits, startHooksWorker };
