// Profiles of a worker that the thread which has started it asks for: both sides.
'use strict';

/** The profiles that run in this thread, by the number of their beginning. */
const running = new Map();
let begun = 0;

const acts = {
  __proto__: null,
  startCpuProfile(options) {
    running.set(++begun, require('v8').startCpuProfile(options));
    return begun;
  },
  startHeapProfile(options) {
    running.set(++begun, require('v8').startHeapProfile(options));
    return begun;
  },
  stopProfile(id) {
    const profile = running.get(id);
    running.delete(id);
    return profile.stop();
  },
};

/**
 * In the worker: does what the other thread asks for.
 * @param {{ name: string, argument: any }} question
 * @returns {{ answer?: any, failure?: { message: string, code: string } }}
 */
function answer({ name, argument }) {
  try {
    return { answer: acts[name](argument) };
  } catch ({ message, code }) {
    return { failure: { message, code } };
  }
}

/**
 * Makes the class of the profiles of one kind.
 * @param {string} name
 */
function handleClass(name) {
  const handles = {
    [name]: class {
      #ask;
      #id;
      #stopped;

      /**
       * @param {(name: string, argument: any) => Promise<any>} ask  asks the worker
       * @param {number} id
       */
      constructor(ask, id) {
        this.#ask = ask;
        this.#id = id;
      }

      /** @returns {Promise<string>} the profile as JSON text */
      stop() {
        return this.#stopped ??= this.#ask('stopProfile', this.#id);
      }

      async [Symbol.asyncDispose]() {
        await this.stop();
      }
    },
  };
  return handles[name];
}

/** A profile of a worker's processor time that is being made. */
const CPUProfileHandle = handleClass('CPUProfileHandle');

/** A profile of a worker's allocations that is being made. */
const HeapProfileHandle = handleClass('HeapProfileHandle');

module.exports = { CPUProfileHandle, HeapProfileHandle, answer };
