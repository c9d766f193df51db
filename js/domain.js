// Node's `domain`: errors of many emitters and callbacks go to one place. The current domain follows asynchronous
// work as a value of the asynchronous context.
'use strict';

const EventEmitter = require('events');
const { AsyncLocalStorage } = require('internal/async_local_storage');
const asyncContext = require('internal/async_context');
const { onInit } = require('internal/promise_hooks');
const { setDomainCapture } = require('internal/process/uncaught');
const { ERR_UNHANDLED_ERROR } = require('internal/errors').codes;
const { apply } = Reflect;

/** The current domain: the last of the stack, also in callbacks that were made while it was. */
const current = new AsyncLocalStorage();

/** The domains that were entered and not left again. It is right only after `syncStack`. */
const stack = [];

/** Drops what a piece of work that is over has left behind. */
function syncStack() {
  const domain = current.getStore();
  if (!domain) {
    stack.length = 0;
  } else if (stack.at(-1) !== domain) {
    stack.length = 0;
    stack.push(domain);
  }
  return stack;
}

/** What `process.domain` is where there is none: null after an error, else undefined. */
let none = null;

function activeDomain() {
  return current.getStore() ?? none;
}

/** Makes the last of the stack the current one. */
function activateTop() {
  none = undefined;
  current.enterWith(stack.at(-1));
}

/** Leaves all domains after an uncaught exception. */
function leaveAll() {
  stack.length = 0;
  activateTop();
  none = null;
}

function setDomain(object, domain) {
  Object.defineProperty(object, 'domain', { configurable: true, enumerable: false, value: domain, writable: true });
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Whatever is made while a domain is current belongs to it. */
function adopt(resource) {
  const domain = current.getStore();
  if (domain) setDomain(resource, domain);
}

/** Collects the errors of what belongs to it: emits them as `error`. */
class Domain extends EventEmitter {
  constructor() {
    super();
    this.members = [];
  }

  /** What becomes of an uncaught exception: whether a listener took it. */
  _errorHandler(error) {
    if (isObject(error)) {
      setDomain(error, this);
      error.domainThrown = true;
    }
    stack.pop();
    activateTop();
    const caught = stack.length === 0 ? this.emit('error', error) : this.#handleWithin(error);
    leaveAll();
    return caught;
  }

  /** Has the error handled here, or what the handler throws in the domain around this. */
  #handleWithin(error) {
    try {
      return this.emit('error', error);
    } catch (second) {
      return stack.at(-1)._errorHandler(second);
    }
  }

  enter() {
    syncStack().push(this);
    activateTop();
  }

  exit() {
    const index = syncStack().lastIndexOf(this);
    if (index < 0) return;
    stack.length = index;
    activateTop();
  }

  /** @param {EventEmitter} emitter whose errors come here from now on */
  add(emitter) {
    if (emitter.domain === this) return;
    if (emitter.domain) emitter.domain.remove(emitter);
    // A circle of domains would hand an error around forever.
    if (this.domain && emitter instanceof Domain) {
      for (let { domain } = this; domain; domain = domain.domain) {
        if (emitter === domain) return;
      }
    }
    setDomain(emitter, this);
    this.members.push(emitter);
  }

  /** @param {EventEmitter} emitter */
  remove(emitter) {
    emitter.domain = null;
    const index = this.members.indexOf(emitter);
    if (index >= 0) this.members.splice(index, 1);
  }

  /** Calls `fn` in this domain. */
  run(fn, ...args) {
    this.enter();
    const result = apply(fn, this, args);
    this.exit();
    return result;
  }

  /** @returns {Function} `callback` without its first argument, which as an `Error` goes to the domain */
  intercept(callback) {
    const domain = this;
    return function runIntercepted(error, ...args) {
      if (error && error instanceof Error) {
        error.domainBound = callback;
        error.domainThrown = false;
        setDomain(error, domain);
        domain.emit('error', error);
        return undefined;
      }
      domain.enter();
      const result = apply(callback, this, args);
      domain.exit();
      return result;
    };
  }

  /** @returns {Function} `callback` in this domain */
  bind(callback) {
    const domain = this;
    function runBound(...args) {
      domain.enter();
      const result = apply(callback, this, args);
      domain.exit();
      return result;
    }
    setDomain(runBound, domain);
    return runBound;
  }
}

/** @returns {Domain} */
function createDomain() {
  return new Domain();
}

Object.defineProperty(process, 'domain', {
  configurable: true,
  enumerable: true,
  get: activeDomain,
  set(domain) {
    current.enterWith(domain);
  },
});

asyncContext.onResource = adopt;
onInit(function adoptPromise(promise) {
  // Promises of other contexts are left alone.
  if (promise instanceof Promise) adopt(promise);
});

setDomainCapture((error) => {
  syncStack();
  if (stack.some((domain) => domain.listenerCount('error') > 0)) return stack.at(-1)._errorHandler(error);
  leaveAll();
  return false;
});

const { init, prototype: { emit } } = EventEmitter;

EventEmitter.usingDomains = true;

EventEmitter.init = function(options) {
  const domain = current.getStore();
  setDomain(this, domain && !(this instanceof Domain) ? domain : null);
  return apply(init, this, [options]);
};

EventEmitter.prototype.emit = function(...args) {
  const { domain } = this;
  if (domain === null || domain === undefined || this === process) return apply(emit, this, args);
  if (args[0] === 'error') {
    if (this.listenerCount('error') > 0) return apply(emit, this, args);
    emitOutside(domain, describeUnhandled(this, domain, args));
    return false;
  }
  domain.enter();
  const result = apply(emit, this, args);
  domain.exit();
  return result;
};

/** The error of an `error` event without listeners, with where it comes from. */
function describeUnhandled(emitter, domain, args) {
  const error = args.length > 1 && args[1] ? args[1] : new ERR_UNHANDLED_ERROR(args[1]);
  if (typeof error === 'object') {
    error.domainEmitter = emitter;
    setDomain(error, domain);
    error.domainThrown = false;
  }
  return error;
}

/** Emits an error of `domain` while that, its last entries in the stack, is left. */
function emitOutside(domain, error) {
  const before = syncStack().slice();
  const active = current.getStore();
  let length = stack.length;
  while (length > 0 && stack[length - 1] === active) length--;
  stack.length = length;
  activateTop();
  none = null;
  domain.emit('error', error);
  none = undefined;
  stack.splice(0, stack.length, ...before);
  current.enterWith(active);
}

module.exports = {
  get _stack() {
    return syncStack();
  },
  Domain,
  createDomain,
  create: createDomain,
  get active() {
    return activeDomain();
  },
  set active(domain) {
    current.enterWith(domain);
  },
};
