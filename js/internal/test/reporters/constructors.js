// Reporters that are streams can be made with and without `new`.
'use strict';

/**
 * @param {string} name
 * @param {() => Function} load  gives the class
 * @returns {Function} makes one, called or constructed
 */
function constructorOf(name, load) {
  const make = function(...args) {
    return Reflect.construct(load(), args);
  };
  Object.defineProperty(make, 'name', { value: name, configurable: true });
  return make;
}

module.exports = { constructorOf };
