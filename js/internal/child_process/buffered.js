// `exec` and `execFile`: processes whose whole output is handed to a callback.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_CHILD_PROCESS_STDIO_MAXBUFFER },
  genericNodeError,
} = require('internal/errors');
const { getSystemErrorName, promisify } = require('internal/util');
const {
  DEFAULT_MAX_BUFFER,
  normalizeExecArguments,
  normalizeExecFileArguments,
  sanitizeKillSignal,
  validateMaxBuffer,
  validateTimeout,
} = require('internal/child_process/arguments');
const { spawn } = require('internal/child_process/child');

/** The output of one process until it has ended, and how it ends. */
class Collector {
  constructor(child, command, options, callback) {
    this.child = child;
    this.command = command;
    this.callback = callback;
    this.killSignal = options.killSignal;
    this.error = null;
    this.killed = false;
    this.finished = false;
    const { encoding, maxBuffer } = options;
    this.encoding = encoding !== 'buffer' && Buffer.isEncoding(encoding) ? encoding : null;
    this.maxBuffer = maxBuffer;
    this.stdout = this.collect(child.stdout, 'stdout');
    this.stderr = this.collect(child.stderr, 'stderr');
    this.timer = options.timeout > 0 ? setTimeout(() => this.kill(), options.timeout) : undefined;
    child.addListener('close', (code, signal) => this.finish(code, signal));
    child.addListener('error', (error) => this.fail(error));
  }

  /** @returns {Array<Buffer | string>} what `stream` will have given, up to the limit */
  collect(stream, name) {
    const chunks = [];
    if (!stream) return chunks;
    if (this.encoding) stream.setEncoding(this.encoding);
    let total = 0;
    stream.on('data', (chunk) => {
      const encoding = stream.readableEncoding;
      const length = encoding ? Buffer.byteLength(chunk, encoding) : chunk.length;
      total += length;
      if (total > this.maxBuffer) {
        chunks.push(chunk.slice(0, this.maxBuffer - (total - length)));
        this.error = new ERR_CHILD_PROCESS_STDIO_MAXBUFFER(name);
        this.kill();
      } else {
        chunks.push(chunk);
      }
    });
    return chunks;
  }

  closeStreams() {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  kill() {
    this.closeStreams();
    this.killed = true;
    try {
      this.child.kill(this.killSignal);
    } catch (error) {
      this.error ??= error;
      this.finish();
    }
  }

  fail(error) {
    this.error = error;
    this.closeStreams();
    this.finish();
  }

  output(chunks, stream) {
    return this.encoding || stream?.readableEncoding ? chunks.join('') : Buffer.concat(chunks);
  }

  finish(code, signal) {
    if (this.finished) return;
    this.finished = true;
    clearTimeout(this.timer);
    const { callback } = this;
    if (!callback) return;
    const stdout = this.output(this.stdout, this.child.stdout);
    const stderr = this.output(this.stderr, this.child.stderr);
    if (this.error === null && code === 0 && signal === null) {
      callback(null, stdout, stderr);
      return;
    }
    this.error ??= genericNodeError(`Command failed: ${this.command}\n${stderr}`, {
      code: code < 0 ? getSystemErrorName(code) : code,
      killed: this.child.killed || this.killed,
      signal,
    });
    this.error.cmd = this.command;
    callback(this.error, stdout, stderr);
  }
}

/**
 * @param {string} file
 * @param {string[]} [args]
 * @param {object} [options]
 * @param {(error: Error | null, stdout: string | Buffer, stderr: string | Buffer) => void} [callback]
 * @returns {ChildProcess}
 */
function execFile(file, args, options, callback) {
  const given = normalizeExecFileArguments(file, args, options, callback);
  const settings = {
    __proto__: null,
    encoding: 'utf8',
    timeout: 0,
    maxBuffer: DEFAULT_MAX_BUFFER,
    killSignal: 'SIGTERM',
    cwd: null,
    env: null,
    shell: false,
    ...given.options,
  };
  validateTimeout(settings.timeout);
  validateMaxBuffer(settings.maxBuffer);
  settings.killSignal = sanitizeKillSignal(settings.killSignal);
  const { cwd, env, gid, shell, signal, uid, windowsHide, windowsVerbatimArguments, argv0 } = settings;
  const child = spawn(given.file, given.args, {
    cwd,
    env,
    gid,
    shell,
    signal,
    uid,
    windowsHide: Boolean(windowsHide),
    windowsVerbatimArguments: Boolean(windowsVerbatimArguments),
    argv0,
  });
  const command = [given.file, ...given.args].join(' ');
  new Collector(child, command, settings, given.callback);
  return child;
}

/**
 * @param {string} command  for the shell
 * @param {object} [options]
 * @param {(error: Error | null, stdout: string | Buffer, stderr: string | Buffer) => void} [callback]
 * @returns {ChildProcess}
 */
function exec(command, options, callback) {
  const given = normalizeExecArguments(command, options, callback);
  return execFile(given.file, given.options, given.callback);
}

/** The form of `original` that `util.promisify` gives: a promise with the process as `child`. */
function promised(original) {
  const { name } = original;
  return {
    [name](...args) {
      const { promise, resolve, reject } = Promise.withResolvers();
      promise.child = original(...args, (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr });
        else reject(Object.assign(error, { stdout, stderr }));
      });
      return promise;
    },
  }[name];
}

for (const original of [exec, execFile]) {
  Object.defineProperty(original, promisify.custom, { enumerable: false, value: promised(original) });
}

module.exports = { exec, execFile };
