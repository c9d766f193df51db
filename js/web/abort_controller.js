// The web interfaces AbortController and AbortSignal, and `util.aborted`.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS },
} = require('internal/errors');
const { customInspectSymbol, kEnumerableProperty } = require('internal/util');
const { kValidateObjectAllowObjects, validateObject, validateUint32 } = require('internal/validators');
const { codedTypeError, toSequence } = require('internal/webidl');
const { kMaxEventTargetListeners } = require('internal/events/targets');
const {
  defineEventHandler,
  Event,
  EventTarget,
  kNewListener,
  kRemoveListener,
  kResistStopPropagation,
  kTrustEvent,
  kWeakHandler,
} = require('web/event_target');

const kAborted = Symbol('kAborted');
const kReason = Symbol('kReason');
const kComposite = Symbol('kComposite');
const kTimeout = Symbol('kTimeout');
/** Of a composite signal: the set of the signals that it follows. */
const kSourceSignals = Symbol('kSourceSignals');
/** Of a signal: the set of weak references to the composite signals that follow it. */
const kDependantSignals = Symbol('kDependantSignals');
/** Of a signal: the set of those composite signals that have listeners, which it keeps alive. */
const kHeldSignals = Symbol('kHeldSignals');
/** Of a signal that can be forgotten: whether it has listeners of its own. */
const kListening = Symbol('kListening');

// Signals with a timeout that somebody listens to: their timers do not keep them alive.
const awaitedTimeouts = new Set();

const abandonedTimers = new FinalizationRegistry((timer) => require('timers').clearTimeout(timer));

const abandonedComposites = new FinalizationRegistry(({ reference, sets }) => {
  for (const set of sets) set.delete(reference);
});

const lazyDOMException = (message, name) => new (require('web/dom_exception').DOMException)(message, name);

function isAbortSignal(value) {
  return typeof value === 'object' && value !== null && value[kAborted] !== undefined;
}

function checkThis(value) {
  if (!isAbortSignal(value)) throw new ERR_INVALID_THIS('AbortSignal');
}

function toAbortSignal(value, name) {
  if (!isAbortSignal(value)) throw codedTypeError(`${name} is not of type AbortSignal.`);
  return value;
}

function inspectAs(self, shown, depth, options) {
  if (depth < 0) return self;
  const { inspect } = require('internal/util/inspect');
  return `${self.constructor.name} ${inspect(shown, {
    ...options,
    depth: options.depth == null ? null : options.depth - 1,
  })}`;
}

// A signal that can still be aborted stays as long as it has listeners.
function keep(signal) {
  if (signal[kTimeout]) awaitedTimeouts.add(signal);
  if (!signal[kComposite]) return;
  for (const source of signal[kSourceSignals]) {
    source[kHeldSignals] ??= new Set();
    source[kHeldSignals].add(signal);
    keep(source);
  }
}

function letGo(signal) {
  if (signal[kTimeout] && !isAwaited(signal)) awaitedTimeouts.delete(signal);
  if (!signal[kComposite]) return;
  for (const source of signal[kSourceSignals]) {
    source[kHeldSignals]?.delete(signal);
    letGo(source);
  }
}

function isAwaited(signal) {
  return signal[kListening] === true || (signal[kHeldSignals] !== undefined && signal[kHeldSignals].size > 0);
}

class AbortSignal extends EventTarget {
  constructor(key = undefined) {
    if (key !== kAborted) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super();
    // Many may wait for the same signal.
    this[kMaxEventTargetListeners] = 0;
    this[kAborted] = false;
    this[kReason] = undefined;
    this[kComposite] = false;
  }

  get aborted() {
    checkThis(this);
    return !!this[kAborted];
  }

  get reason() {
    checkThis(this);
    return this[kReason];
  }

  /** @throws {unknown} the reason when the signal is aborted */
  throwIfAborted() {
    checkThis(this);
    if (this[kAborted]) throw this[kReason];
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, { aborted: this.aborted }, depth, options);
  }

  /**
   * @param {unknown} [reason]
   * @returns {AbortSignal} an aborted signal
   */
  static abort(reason = lazyDOMException('This operation was aborted', 'AbortError')) {
    const signal = new AbortSignal(kAborted);
    signal[kAborted] = true;
    signal[kReason] = reason;
    return signal;
  }

  /**
   * @param {number} delay milliseconds
   * @returns {AbortSignal} a signal that is aborted with a TimeoutError after `delay`
   */
  static timeout(delay) {
    validateUint32(delay, 'delay', false);
    const signal = new AbortSignal(kAborted);
    signal[kTimeout] = true;
    const reference = new WeakRef(signal);
    const timer = require('timers').setTimeout(() => {
      const alive = reference.deref();
      if (alive === undefined) return;
      awaitedTimeouts.delete(alive);
      abortSignal(alive, lazyDOMException('The operation was aborted due to timeout', 'TimeoutError'));
    }, delay);
    timer.unref();
    abandonedTimers.register(signal, timer);
    return signal;
  }

  /**
   * @param {Iterable<AbortSignal>} signals
   * @returns {AbortSignal} a signal that is aborted with the first of `signals`
   */
  static any(signals) {
    const sources = toSequence(signals, 'signals', toAbortSignal);
    const result = new AbortSignal(kAborted);
    result[kComposite] = true;
    for (const source of sources) {
      if (source[kAborted]) {
        result[kAborted] = true;
        result[kReason] = source[kReason];
        return result;
      }
    }
    follow(result, sources);
    return result;
  }

  [kNewListener](size, type, listener, once, capture, passive, weak) {
    super[kNewListener](size, type, listener, once, capture, passive, weak);
    if (type !== 'abort' || weak || this[kAborted] || size !== 1) return;
    if (this[kTimeout] || this[kComposite]) {
      this[kListening] = true;
      keep(this);
    }
  }

  [kRemoveListener](size, type, listener, capture) {
    super[kRemoveListener](size, type, listener, capture);
    if (type !== 'abort' || size !== 0 || this[kListening] !== true) return;
    this[kListening] = false;
    letGo(this);
  }
}

// Composite signals are followed through to what they follow, so that no chains arise.
function follow(result, sources) {
  result[kSourceSignals] = new Set();
  for (const source of sources) {
    if (source[kComposite]) {
      for (const further of source[kSourceSignals]) result[kSourceSignals].add(further);
    } else {
      result[kSourceSignals].add(source);
    }
  }
  if (result[kSourceSignals].size === 0) return;
  const reference = new WeakRef(result);
  const sets = [];
  for (const source of result[kSourceSignals]) {
    source[kDependantSignals] ??= new Set();
    source[kDependantSignals].add(reference);
    sets.push(source[kDependantSignals]);
  }
  abandonedComposites.register(result, { reference, sets });
}

Object.defineProperties(AbortSignal.prototype, {
  aborted: kEnumerableProperty,
  [Symbol.toStringTag]: { __proto__: null, value: 'AbortSignal', configurable: true },
});

defineEventHandler(AbortSignal.prototype, 'abort');

// All signals that depend on this one are aborted before the first event is dispatched.
function abortSignal(signal, reason) {
  if (signal[kAborted]) return;
  signal[kAborted] = true;
  signal[kReason] = reason;
  const toRun = [];
  if (signal[kDependantSignals] !== undefined) {
    for (const reference of signal[kDependantSignals]) {
      const dependant = reference.deref();
      if (dependant === undefined || dependant[kAborted]) continue;
      dependant[kAborted] = true;
      dependant[kReason] = reason;
      toRun.push(dependant);
    }
    signal[kDependantSignals].clear();
    signal[kHeldSignals]?.clear();
  }
  runAbort(signal);
  for (const dependant of toRun) runAbort(dependant);
}

function runAbort(signal) {
  signal.dispatchEvent(new Event('abort', { __proto__: null, [kTrustEvent]: true }));
}

class AbortController {
  #signal;

  /** @returns {AbortSignal} */
  get signal() {
    this.#signal ??= new AbortSignal(kAborted);
    return this.#signal;
  }

  /** @param {unknown} [reason] an AbortError by default */
  abort(reason = lazyDOMException('This operation was aborted', 'AbortError')) {
    abortSignal((this.#signal ??= new AbortSignal(kAborted)), reason);
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, { signal: this.signal }, depth, options);
  }
}

Object.defineProperties(AbortController.prototype, {
  signal: kEnumerableProperty,
  abort: kEnumerableProperty,
  [Symbol.toStringTag]: { __proto__: null, value: 'AbortController', configurable: true },
});

/**
 * Waits for `signal`, as long as `resource` exists.
 * @param {AbortSignal} signal
 * @param {object} resource when it is collected, the promise stays pending for ever
 * @returns {Promise<Event | undefined>} the event; undefined when the signal is aborted already
 */
async function aborted(signal, resource) {
  toAbortSignal(signal, 'signal');
  validateObject(resource, 'resource', kValidateObjectAllowObjects);
  if (signal.aborted) return undefined;
  return new Promise((resolve) => {
    signal.addEventListener('abort', resolve, {
      __proto__: null,
      once: true,
      [kWeakHandler]: resource,
      [kResistStopPropagation]: true,
    });
  });
}

/**
 * Marks `signal` as one that `structuredClone` and `postMessage` may transfer.
 * @param {AbortSignal} signal
 * @returns {AbortSignal} the same
 */
function transferableAbortSignal(signal) {
  if (!isAbortSignal(signal)) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  require('internal/abort_transfer').makeTransferable(signal);
  return signal;
}

/** @returns {AbortController} one whose signal may be transferred */
function transferableAbortController() {
  const controller = new AbortController();
  transferableAbortSignal(controller.signal);
  return controller;
}

module.exports = {
  AbortController,
  AbortSignal,
  abortSignal,
  aborted,
  createSignal: () => new AbortSignal(kAborted),
  transferableAbortController,
  transferableAbortSignal,
};
