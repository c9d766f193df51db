// `events.EventEmitterAsyncResource`: an emitter whose listeners run in an async context of its own.
'use strict';

const { AsyncResource } = require('internal/async_resource');
const EventEmitter = require('events');
const { validateString } = require('internal/validators');

class EventEmitterReferencingAsyncResource extends AsyncResource {
  #eventEmitter;

  constructor(eventEmitter, type, options) {
    super(type, options);
    this.#eventEmitter = eventEmitter;
  }

  /** @returns {EventEmitterAsyncResource} the emitter this resource belongs to */
  get eventEmitter() {
    return this.#eventEmitter;
  }
}

class EventEmitterAsyncResource extends EventEmitter {
  #asyncResource;

  /**
   * @param {string | { name?: string, triggerAsyncId?: number, requireManualDestroy?: boolean,
   *   captureRejections?: boolean }} [options] `name` is needed unless a subclass gives its own
   */
  constructor(options = undefined) {
    let name;
    if (typeof options === 'string') {
      name = options;
      options = undefined;
    } else {
      if (new.target === EventEmitterAsyncResource) validateString(options?.name, 'options.name');
      name = options?.name || new.target.name;
    }
    super(options);
    this.#asyncResource = new EventEmitterReferencingAsyncResource(this, name, options);
  }

  /** As `EventEmitter.prototype.emit`, in the context of the resource. */
  emit(event, ...args) {
    const asyncResource = this.#asyncResource;
    args.unshift(super.emit, this, event);
    return Reflect.apply(asyncResource.runInAsyncScope, asyncResource, args);
  }

  /** Announces to async hooks that the resource is no longer used. */
  emitDestroy() {
    this.#asyncResource.emitDestroy();
  }

  get asyncId() {
    return this.#asyncResource.asyncId();
  }

  get triggerAsyncId() {
    return this.#asyncResource.triggerAsyncId();
  }

  get asyncResource() {
    return this.#asyncResource;
  }
}

module.exports = { EventEmitterAsyncResource };
