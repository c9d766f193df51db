// What `tee` does with a stream of bytes: two branches of bytes. Whichever branch brings memory of its own has
// it filled, and the other one gets a copy.
'use strict';

const { Deferred, promiseThen, resolvedPromise } = require('internal/webstreams/common');
const { ByobReaderCore, DefaultReaderCore } = require('internal/webstreams/readers');

/** One of the branches. */
class Branch {
  canceled = false;
  reason = undefined;
  readAgain = false;
  controller = undefined;
}

function copyOf(view) {
  return new Uint8Array(view);
}

class ByteTee {
  #stream;
  #reader;
  #reading = false;
  #first = new Branch();
  #second = new Branch();
  #cancelled = new Deferred();

  constructor(stream) {
    this.#stream = stream;
    this.#reader = new DefaultReaderCore(stream);
  }

  /** @returns {[ReadableStream, ReadableStream]} */
  branches() {
    const first = this.#createBranch(this.#first);
    const second = this.#createBranch(this.#second);
    this.#first.controller.start();
    this.#second.controller.start();
    this.#forwardErrors();
    return [first, second];
  }

  #createBranch(branch) {
    const { createReadableByteStream, coreOf } = require('internal/webstreams/readable_stream');
    const stream = createReadableByteStream({
      canPull: true,
      pull: () => this.#pull(branch),
      cancel: (reason) => this.#cancel(branch, reason),
    }, 0);
    branch.controller = coreOf(stream).controller;
    return stream;
  }

  #forwardErrors() {
    const reader = this.#reader;
    promiseThen(reader.closed.promise, undefined, (error) => {
      if (reader !== this.#reader) return;
      this.#first.controller.error(error);
      this.#second.controller.error(error);
      if (!this.#first.canceled || !this.#second.canceled) this.#cancelled.resolve();
    });
  }

  #useReader(Reader) {
    if (this.#reader instanceof Reader) return;
    this.#reader.release();
    this.#reader = new Reader(this.#stream);
    this.#forwardErrors();
  }

  #pull(branch) {
    if (this.#reading) {
      branch.readAgain = true;
      return undefined;
    }
    this.#reading = true;
    const request = branch.controller.byobRequest;
    if (request === null) {
      this.#useReader(DefaultReaderCore);
      this.#reader.readInto(new WholeRead(this));
    } else {
      this.#useReader(ByobReaderCore);
      const other = branch === this.#first ? this.#second : this.#first;
      this.#reader.readInto(request.view, 1, new DirectRead(this, branch, other));
    }
    return undefined;
  }

  #cancel(branch, reason) {
    branch.canceled = true;
    branch.reason = reason;
    if (this.#first.canceled && this.#second.canceled) {
      this.#cancelled.resolve(this.#stream.cancel([this.#first.reason, this.#second.reason]));
    }
    return this.#cancelled.promise;
  }

  #fail(error) {
    this.#first.controller.error(error);
    this.#second.controller.error(error);
    this.#cancelled.resolve(this.#stream.cancel(error));
  }

  #pullAgain() {
    this.#reading = false;
    if (this.#first.readAgain) this.#pull(this.#first);
    else if (this.#second.readAgain) this.#pull(this.#second);
  }

  stopReading() {
    this.#reading = false;
  }

  /** Gives both branches what has been read. */
  deliverWhole(chunk) {
    const first = this.#first;
    const second = this.#second;
    first.readAgain = second.readAgain = false;
    let copy = chunk;
    if (!first.canceled && !second.canceled) {
      try {
        copy = copyOf(chunk);
      } catch (error) {
        this.#fail(error);
        return;
      }
    }
    if (!first.canceled) first.controller.enqueue(chunk);
    if (!second.canceled) second.controller.enqueue(copy);
    this.#pullAgain();
  }

  /** Gives one branch its own memory, filled, and the other one a copy. */
  deliverDirect(chunk, branch, other) {
    this.#first.readAgain = this.#second.readAgain = false;
    if (!other.canceled) {
      let copy;
      try {
        copy = copyOf(chunk);
      } catch (error) {
        this.#fail(error);
        return;
      }
      if (!branch.canceled) branch.controller.respondWithNewView(chunk);
      other.controller.enqueue(copy);
    } else if (!branch.canceled) {
      branch.controller.respondWithNewView(chunk);
    }
    this.#pullAgain();
  }

  closeWhole() {
    this.#reading = false;
    for (const branch of [this.#first, this.#second]) {
      if (!branch.canceled) branch.controller.close();
    }
    for (const { controller } of [this.#first, this.#second]) {
      if (controller.hasPullInto) controller.respond(0);
    }
    if (!this.#first.canceled || !this.#second.canceled) this.#cancelled.resolve();
  }

  closeDirect(chunk, branch, other) {
    this.#reading = false;
    if (!branch.canceled) branch.controller.close();
    if (!other.canceled) other.controller.close();
    if (chunk !== undefined) {
      if (!branch.canceled) branch.controller.respondWithNewView(chunk);
      if (!other.canceled && other.controller.hasPullInto) other.controller.respond(0);
    }
    if (!branch.canceled || !other.canceled) this.#cancelled.resolve();
  }
}

/** A read of a chunk as it is. */
class WholeRead {
  #tee;

  constructor(tee) {
    this.#tee = tee;
  }

  chunk(value) {
    promiseThen(resolvedPromise, () => this.#tee.deliverWhole(value));
  }

  close() {
    this.#tee.closeWhole();
  }

  error() {
    this.#tee.stopReading();
  }
}

/** A read into the memory of one branch. */
class DirectRead {
  #tee;
  #branch;
  #other;

  constructor(tee, branch, other) {
    this.#tee = tee;
    this.#branch = branch;
    this.#other = other;
  }

  chunk(value) {
    promiseThen(resolvedPromise, () => this.#tee.deliverDirect(value, this.#branch, this.#other));
  }

  close(value) {
    this.#tee.closeDirect(value, this.#branch, this.#other);
  }

  error() {
    this.#tee.stopReading();
  }
}

/**
 * @param {ReadableCore} stream of bytes
 * @returns {[ReadableStream, ReadableStream]}
 */
function teeBytes(stream) {
  return new ByteTee(stream).branches();
}

module.exports = { teeBytes };
