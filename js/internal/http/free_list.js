// Objects that wait for being used again.
'use strict';

class FreeList {
  /**
   * @param {string} name
   * @param {number} max how many may wait
   * @param {() => object} ctor makes one
   */
  constructor(name, max, ctor) {
    this.name = name;
    this.ctor = ctor;
    this.max = max;
    this.list = [];
  }

  /** @returns {object} one that waited, or a new one */
  alloc() {
    return this.list.length > 0 ? this.list.pop() : Reflect.apply(this.ctor, this, arguments);
  }

  /**
   * @param {object} object
   * @returns {boolean} whether there was room for it
   */
  free(object) {
    if (this.list.length >= this.max) return false;
    this.list.push(object);
    return true;
  }

  /**
   * @param {number} max how many may wait from now on
   */
  setMax(max) {
    this.max = max;
    if (this.list.length > max) this.list.length = max;
  }
}

module.exports = { FreeList };
