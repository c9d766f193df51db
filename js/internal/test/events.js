// The stream of what happens in a test run: what reporters read, and what `run()` returns.
'use strict';

const { Readable } = require('stream');

/** Emits each event under its type as well as giving it to readers. */
class TestsStream extends Readable {
  #waiting = [];
  #hasRoom = true;

  constructor() {
    super({ objectMode: true, highWaterMark: Number.MAX_SAFE_INTEGER });
  }

  _read() {
    this.#hasRoom = true;
    while (this.#waiting.length > 0 && this.#hasRoom) this.#hasRoom = this.push(this.#waiting.shift());
  }

  /**
   * @param {string} type  such as `test:pass`
   * @param {object} data
   */
  report(type, data) {
    this.emit(type, data);
    this.#give({ type, data });
  }

  /** No more events will come. */
  finish() {
    this.#give(null);
  }

  #give(item) {
    if (this.#hasRoom && this.#waiting.length === 0) this.#hasRoom = this.push(item);
    else this.#waiting.push(item);
  }
}

/** @returns {object} the part of an event that says where its test stands */
function place(location) {
  if (location === undefined) return { __proto__: null };
  return { __proto__: null, line: location.line, column: location.column, file: location.file };
}

/** @returns {object} the part of an event that a test's options give */
function directive(test) {
  if (test.isSkipped) return { __proto__: null, skip: test.skipMessage ?? true };
  if (test.isTodo) return { __proto__: null, todo: test.todoMessage ?? true };
  if (test.expectFailure) return { __proto__: null, expectFailure: test.expectFailure.label ?? true };
  return { __proto__: null };
}

module.exports = { TestsStream, directive, place };
