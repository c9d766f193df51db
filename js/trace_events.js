// Node's `trace_events`: which events are recorded in the file of trace events.
'use strict';

const {
  codes: { ERR_TRACE_EVENTS_CATEGORY_REQUIRED, ERR_TRACE_EVENTS_UNAVAILABLE },
} = require('internal/errors');
const { isMainThread } = require('internal/worker/current');

if (!isMainThread) throw new ERR_TRACE_EVENTS_UNAVAILABLE();

const { refresh } = require('internal/tracing');
const { validateObject, validateStringArray } = require('internal/validators');
const binding = internalBinding('trace_events');

const MOST_ENABLED = 10;

/** Those that are enabled, which keeps them from being collected. */
const enabled = new Set();

/** Asks for the events of some categories. */
class Tracing {
  #categories;
  #enabled = false;
  #number = 0;

  constructor(categories) {
    this.#categories = categories;
  }

  /** Has the events recorded. */
  enable() {
    if (this.#enabled || this.#categories.length === 0) return;
    this.#enabled = true;
    this.#number = binding.enable(this.#categories);
    refresh();
    enabled.add(this);
    if (enabled.size > MOST_ENABLED) {
      process.emitWarning('Possible trace_events memory leak detected. There are more than ' +
        `${MOST_ENABLED} enabled Tracing objects.`);
    }
  }

  /** Has them recorded no longer. */
  disable() {
    if (!this.#enabled) return;
    this.#enabled = false;
    binding.disable(this.#number);
    refresh();
    enabled.delete(this);
  }

  /** Whether they are recorded. */
  get enabled() {
    return this.#enabled;
  }

  /** The names of the categories, with commas between. */
  get categories() {
    return this.#categories.join(',');
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    return `${this.constructor.name} ${inspect({ enabled: this.enabled, categories: this.categories }, options)}`;
  }
}

/**
 * @param {{ categories: string[] }} options
 * @returns {Tracing} to be enabled
 */
function createTracing(options) {
  validateObject(options, 'options');
  validateStringArray(options.categories, 'options.categories');
  if (options.categories.length === 0) throw new ERR_TRACE_EVENTS_CATEGORY_REQUIRED();
  return new Tracing([...options.categories]);
}

/** @returns {string | undefined} the names of all categories whose events are recorded, with commas between */
function getEnabledCategories() {
  return binding.enabledCategories();
}

module.exports = {
  createTracing,
  getEnabledCategories,
};
