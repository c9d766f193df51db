// Where the lines of a console go: to streams, or straight to the descriptors of the process.
'use strict';

const binding = internalBinding('stdio');
const { materialized } = require('internal/process/stdio');

const STDOUT = 1;
const STDERR = 2;

function noOperation() {}

/**
 * Writes to a stream so that a failure is nobody's uncaught error.
 * @param {object} stream
 * @param {string} text
 * @param {(error?: Error) => void} errorHandler
 */
function writeSafely(stream, text, errorHandler) {
  try {
    // Catches an error that the stream emits while it writes.
    if (stream.listenerCount('error') === 0) stream.once('error', noOperation);
    stream.write(text, errorHandler);
  } catch (error) {
    // What has no room on the stack must not seem to have been printed.
    if (require('internal/errors').isStackOverflowError(error)) throw error;
  } finally {
    stream.removeListener('error', noOperation);
  }
}

/**
 * The callback of a console's writes: an error that comes later is emitted by the stream after it.
 * @param {() => object} getStream
 * @returns {(error?: Error) => void}
 */
function createErrorHandler(getStream) {
  return (error) => {
    if (!error) return;
    const stream = getStream();
    const isStillToCome = !stream._writableState.errorEmitted;
    if (isStillToCome && stream.listenerCount('error') === 0) stream.once('error', noOperation);
  };
}

function indent(text, indentation) {
  if (indentation === '') return text;
  return indentation + (text.includes('\n') ? text.replaceAll('\n', `\n${indentation}`) : text);
}

/** The output of a console that was made with streams. */
class StreamOutput {
  /**
   * @param {boolean|'auto'} colorMode
   * @param {Map<object, object>} [inspectOptions] options of `inspect` by stream
   */
  constructor(colorMode, inspectOptions) {
    this.colorMode = colorMode;
    this.inspectOptions = inspectOptions;
    this.indentation = '';
  }

  /** Options of `inspect` for what goes to a stream; undefined for the default ones. */
  optionsFor(console, fd) {
    return this.optionsForStream(fd === STDOUT ? console._stdout : console._stderr);
  }

  optionsForStream(stream) {
    const options = this.inspectOptions?.get(stream);
    if (options !== undefined && options.colors !== undefined) return options;
    const colors = this.colorMode === 'auto' ?
      require('internal/util/colors').shouldColorize(stream) :
      this.colorMode;
    if (options !== undefined) {
      // Found out once: programs can see it in their options.
      options.colors = colors;
      return options;
    }
    return colors ? { colors: true } : undefined;
  }

  /** Writes a text and a newline. */
  write(console, fd, text) {
    const stream = fd === STDOUT ? console._stdout : console._stderr;
    this.writeToStream(console, fd, stream, text);
  }

  writeToStream(console, fd, stream, text) {
    const line = `${indent(text, this.indentation)}\n`;
    if (console._ignoreErrors === false) stream.write(line);
    else writeSafely(stream, line, fd === STDOUT ? console._stdoutErrorHandler : console._stderrErrorHandler);
  }

  /** Whether the standard output is a terminal. */
  isTerminal(console) {
    return console._stdout.isTTY;
  }
}

/**
 * The output of the global console. Until a program asks for `process.stdout`, which is when it could change
 * what a write does, lines go to the descriptor without a stream.
 */
class ProcessOutput extends StreamOutput {
  /** What a program has put in the place of a stream, by descriptor. */
  #replaced = [undefined, undefined, undefined];
  #accessors = [undefined, getAccessor('stdout'), getAccessor('stderr')];
  #areAccessorsChecked = [true, false, false];

  /** @returns {object|undefined} the stream if there is one to be written to */
  #find(fd) {
    const stream = this.#replaced[fd] ?? materialized(fd);
    if (stream !== undefined || this.#areAccessorsChecked[fd]) return stream;
    this.#areAccessorsChecked[fd] = true;
    const name = fd === STDOUT ? 'stdout' : 'stderr';
    if (getAccessor(name) === this.#accessors[fd]) return undefined;
    // The program has redefined the property.
    return this.#replaced[fd] = process[name];
  }

  /** The stream of a descriptor, made if need be. */
  getStream(fd) {
    return this.#replaced[fd] ?? (fd === STDOUT ? process.stdout : process.stderr);
  }

  replaceStream(fd, stream) {
    this.#replaced[fd] = stream;
  }

  optionsFor(console, fd) {
    const stream = this.#find(fd);
    if (stream !== undefined) return this.optionsForStream(stream);
    return require('internal/util/colors').shouldColorizeDescriptor(fd) ? { colors: true } : undefined;
  }

  write(console, fd, text) {
    const stream = this.#find(fd);
    if (stream !== undefined) this.writeToStream(console, fd, stream, text);
    else binding.write(fd, `${indent(text, this.indentation)}\n`);
  }

  isTerminal() {
    const stream = this.#find(STDOUT);
    return stream === undefined ? binding.isatty(STDOUT) : stream.isTTY;
  }
}

function getAccessor(name) {
  return Object.getOwnPropertyDescriptor(process, name)?.get;
}

module.exports = { STDOUT, STDERR, ProcessOutput, StreamOutput, createErrorHandler };
