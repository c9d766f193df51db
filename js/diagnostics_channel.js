// Node's `diagnostics_channel`: named channels on which modules tell what they do.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateFunction } = require('internal/validators');

const { apply } = Reflect;

/** All channels that anybody holds, by name. */
const channels = new Map();
const collected = new FinalizationRegistry((name) => {
  if (channels.get(name)?.deref() === undefined) channels.delete(name);
});

/** Channels with subscribers or stores: they stay although nobody holds them. */
const active = new Set();

function throwLater(error) {
  process.nextTick(() => {
    throw error;
  });
}

function identity(value) {
  return value;
}

/** Sets the stores of a channel for what runs until it is disposed of. */
class RunStoresScope {
  #left = [];

  constructor(channel, data) {
    for (const [store, transform] of channel._stores ?? []) {
      let value;
      try {
        value = transform(data);
      } catch (error) {
        throwLater(error);
        continue;
      }
      const before = store.getStore();
      store.enterWith(value);
      this.#left.push(() => store.enterWith(before));
    }
    channel.publish(data);
  }

  [Symbol.dispose]() {
    while (this.#left.length > 0) this.#left.pop()();
  }
}

/** A named channel. */
class Channel {
  constructor(name) {
    this._subscribers = undefined;
    this._stores = undefined;
    this.name = name;
  }

  /** @returns {boolean} whether anybody would hear of a message */
  get hasSubscribers() {
    return this._subscribers !== undefined || this._stores !== undefined;
  }

  /**
   * @param {(message: any, name: string | symbol) => void} subscription
   */
  subscribe(subscription) {
    validateFunction(subscription, 'subscription');
    // A list that is being gone through does not change.
    this._subscribers = this._subscribers === undefined ? [subscription] : [...this._subscribers, subscription];
    active.add(this);
  }

  /** @returns {boolean} whether it was subscribed */
  unsubscribe(subscription) {
    const index = this._subscribers?.indexOf(subscription) ?? -1;
    if (index === -1) return false;
    const rest = this._subscribers.toSpliced(index, 1);
    this._subscribers = rest.length === 0 ? undefined : rest;
    this.#settle();
    return true;
  }

  #settle() {
    if (!this.hasSubscribers) active.delete(this);
  }

  /**
   * Has `runStores` set a store.
   * @param {AsyncLocalStorage} store
   * @param {(data: any) => any} [transform]  gives the store's value
   */
  bindStore(store, transform = identity) {
    this._stores ??= new Map();
    this._stores.set(store, transform);
    active.add(this);
  }

  /** @returns {boolean} whether the store was bound */
  unbindStore(store) {
    if (this._stores === undefined || !this._stores.delete(store)) return false;
    if (this._stores.size === 0) this._stores = undefined;
    this.#settle();
    return true;
  }

  /** Gives a message to all subscribers; what they throw becomes an uncaught exception. */
  publish(data) {
    const subscribers = this._subscribers;
    if (subscribers === undefined) return;
    for (let i = 0; i < subscribers.length; i++) {
      try {
        const subscriber = subscribers[i];
        subscriber(data, this.name);
      } catch (error) {
        throwLater(error);
      }
    }
  }

  /** Calls `fn` with the bound stores set and the message published. */
  runStores(data, fn, thisArg, ...args) {
    if (this._stores === undefined) {
      this.publish(data);
      return apply(fn, thisArg, args);
    }
    let run = () => {
      this.publish(data);
      return apply(fn, thisArg, args);
    };
    for (const [store, transform] of this._stores) run = inStore(store, transform, data, run);
    return run();
  }

  /** As `runStores`, until the scope is disposed of. */
  withStoreScope(data) {
    return new RunStoresScope(this, data);
  }
}

function inStore(store, transform, data, next) {
  return () => {
    let value;
    try {
      value = transform(data);
    } catch (error) {
      throwLater(error);
      return next();
    }
    return store.run(value, next);
  };
}

/**
 * @param {string | symbol} name
 * @returns {Channel} the channel of that name, made where there is none
 */
function channel(name) {
  const known = channels.get(name)?.deref();
  if (known !== undefined) return known;
  if (typeof name !== 'string' && typeof name !== 'symbol') {
    throw new ERR_INVALID_ARG_TYPE('channel', ['string', 'symbol'], name);
  }
  const made = new Channel(name);
  channels.set(name, new WeakRef(made));
  collected.register(made, name);
  return made;
}

/** Subscribes to the channel of a name. */
function subscribe(name, subscription) {
  channel(name).subscribe(subscription);
}

/** @returns {boolean} whether it was subscribed */
function unsubscribe(name, subscription) {
  return channel(name).unsubscribe(subscription);
}

/** @returns {boolean} whether the channel of a name has subscribers */
function hasSubscribers(name) {
  return channels.get(name)?.deref()?.hasSubscribers ?? false;
}

/** The channels of an object or of a name: `tracing:NAME:start` and so on. */
function readChannels(nameOrChannels, names, className) {
  const found = {};
  if (typeof nameOrChannels === 'string') {
    for (const name of names) found[name] = channel(`tracing:${nameOrChannels}:${name}`);
    return found;
  }
  if (typeof nameOrChannels !== 'object' || nameOrChannels === null) {
    throw new ERR_INVALID_ARG_TYPE('nameOrChannels', ['string', className, 'Object'], nameOrChannels);
  }
  for (const name of names) {
    const given = nameOrChannels[name];
    if (Object.getPrototypeOf(given) !== Channel.prototype) throw new ERR_INVALID_ARG_TYPE(`nameOrChannels.${name}`, ['Channel'], given);
    found[name] = given;
  }
  return found;
}

function subscribeAll(traced, names, handlers) {
  for (const name of names) {
    if (handlers[name]) traced[name].subscribe(handlers[name]);
  }
}

function unsubscribeAll(traced, names, handlers) {
  let done = true;
  for (const name of names) {
    if (handlers[name] && !traced[name].unsubscribe(handlers[name])) done = false;
  }
  return done;
}

const BOUNDED = ['start', 'end'];

/** Publishes the end of an operation when it is disposed of. */
class BoundedChannelScope {
  #bounded;
  #context;
  #stores;

  constructor(bounded, context) {
    this.#bounded = bounded;
    this.#context = context;
    this.#stores = bounded.start.withStoreScope(context);
  }

  [Symbol.dispose]() {
    this.#bounded.end.publish(this.#context);
    this.#stores[Symbol.dispose]();
  }
}

const noScope = { __proto__: BoundedChannelScope.prototype, [Symbol.dispose]() {} };

/** The channels of an operation that has a beginning and an end. */
class BoundedChannel {
  constructor(nameOrChannels) {
    defineChannels(this, readChannels(nameOrChannels, BOUNDED, 'BoundedChannel'));
  }

  get hasSubscribers() {
    return this.start.hasSubscribers || this.end.hasSubscribers;
  }

  subscribe(handlers) {
    subscribeAll(this, BOUNDED, handlers);
  }

  unsubscribe(handlers) {
    return unsubscribeAll(this, BOUNDED, handlers);
  }

  /** Publishes the start now, and the end when the scope is disposed of. */
  withScope(context = {}) {
    return this.hasSubscribers ? new BoundedChannelScope(this, context) : noScope;
  }

  /** Publishes the start, calls `fn`, publishes the end. */
  run(context, fn, thisArg, ...args) {
    context ??= {};
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    const { end } = this;
    return this.start.runStores(context, () => {
      try {
        return apply(fn, thisArg, args);
      } finally {
        end.publish(context);
      }
    });
  }
}

function defineChannels(object, found) {
  for (const name in found) {
    Object.defineProperty(object, name, { __proto__: null, value: found[name], configurable: true, writable: true });
  }
}

/** @returns {BoundedChannel} the channels of an operation that has a beginning and an end */
function boundedChannel(nameOrChannels) {
  return new BoundedChannel(nameOrChannels);
}

const TRACED = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

/** The channels of an operation that may be asynchronous and may fail. */
class TracingChannel {
  constructor(nameOrChannels) {
    defineChannels(this, readChannels(nameOrChannels, TRACED, 'TracingChannel'));
  }

  get hasSubscribers() {
    return this.start.hasSubscribers || this.end.hasSubscribers || this.asyncStart.hasSubscribers ||
      this.asyncEnd.hasSubscribers || this.error.hasSubscribers;
  }

  /** @param {Record<string, Function>} handlers  by the names of the channels */
  subscribe(handlers) {
    subscribeAll(this, TRACED, handlers);
  }

  /** @returns {boolean} whether all were subscribed */
  unsubscribe(handlers) {
    return unsubscribeAll(this, TRACED, handlers);
  }

  #fail(context, error) {
    context.error = error;
    this.error.publish(context);
  }

  /** Traces a function that does its work at once. */
  traceSync(fn, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    return this.start.runStores(context, () => {
      try {
        const result = apply(fn, thisArg, args);
        context.result = result;
        return result;
      } catch (error) {
        this.#fail(context, error);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  /** Traces a function that returns a promise. */
  tracePromise(fn, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    const { asyncStart, asyncEnd } = this;
    const settled = () => {
      asyncStart.publish(context);
      asyncEnd.publish(context);
    };
    const onFulfilled = (result) => {
      context.result = result;
      settled();
      return result;
    };
    const onRejected = (error) => {
      this.#fail(context, error);
      settled();
      throw error;
    };
    return this.start.runStores(context, () => {
      try {
        const result = apply(fn, thisArg, args);
        if (typeof result?.then === 'function') return result.then(onFulfilled, onRejected);
        process.emitWarning(`tracePromise was called with the function '${fn.name || '<anonymous>'}', ` +
          'which returned a non-thenable.');
        context.result = result;
        return result;
      } catch (error) {
        this.#fail(context, error);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  /** Traces a function that takes a callback, as its argument number `position`. */
  traceCallback(fn, position = -1, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    const callback = args.at(position);
    validateFunction(callback, 'callback');
    const traced = this;
    function onCallback(error, result) {
      if (error) traced.#fail(context, error);
      else context.result = result;
      return traced.asyncStart.runStores(context, () => {
        try {
          return apply(callback, this, arguments);
        } finally {
          traced.asyncEnd.publish(context);
        }
      });
    }
    args.splice(position, 1, onCallback);
    return this.start.runStores(context, () => {
      try {
        return apply(fn, thisArg, args);
      } catch (error) {
        this.#fail(context, error);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }
}

/** @returns {TracingChannel} the channels of an operation that may be asynchronous and may fail */
function tracingChannel(nameOrChannels) {
  return new TracingChannel(nameOrChannels);
}

module.exports = {
  channel,
  hasSubscribers,
  subscribe,
  tracingChannel,
  unsubscribe,
  boundedChannel,
  Channel,
  BoundedChannel,
};

require('internal/console/channels').connect(channel);
require('internal/modules/channels').connect(tracingChannel);
require('internal/child_process/channels').connect(channel, tracingChannel);
require('internal/net/channels').connect(channel, tracingChannel);
require('internal/http/channels').connect(channel);
require('internal/http2/channels').connect(channel);
