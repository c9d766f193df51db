// A parser as an asynchronous operation: what it finds is told in the context in which it was set to work, and
// the hooks of `async_hooks` see it.
'use strict';

const asyncContext = require('internal/async_context');
const hooks = require('internal/async_hooks');

const { apply } = Reflect;

class ParserScope {
  /**
   * @param {string} type as hooks name it
   * @param {object} resource
   */
  constructor(type, resource) {
    this.resource = resource;
    this.context = asyncContext.active ? asyncContext.current() : undefined;
    this.id = hooks.newAsyncId();
    this.triggerId = hooks.triggerIdOfNewWork();
    hooks.emitInit(this.id, type, this.triggerId, resource);
  }

  /** Calls a function of the parser's. */
  run(fn, parser, args) {
    const carries = asyncContext.active;
    const before = carries ? asyncContext.current() : undefined;
    if (carries) asyncContext.enter(this.context);
    hooks.emitBefore(this.id, this.triggerId, this.resource);
    try {
      return apply(fn, parser, args);
    } finally {
      hooks.emitAfter(this.id);
      if (carries) asyncContext.enter(before);
    }
  }

  end() {
    hooks.emitDestroy(this.id);
  }
}

/**
 * @param {string} type
 * @param {object} resource
 * @returns {ParserScope | null} null where nobody could tell
 */
function scopeOf(type, resource) {
  return hooks.state.tracking || asyncContext.active ? new ParserScope(type, resource) : null;
}

module.exports = { scopeOf };
