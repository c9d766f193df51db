// `console.createTask` where no inspector has installed the engine's own: tasks that just run.
'use strict';

/**
 * @returns {{run: Function}} a task; its argument, a name, is of use to inspectors only
 * @throws {Error} if the name is not a string or empty
 */
function createTask(...args) {
  if (typeof args[0] !== 'string' || args[0] === '') {
    throw new Error('First argument must be a non-empty string.');
  }
  const task = {
    run(...runArguments) {
      if (this !== task) throw new Error('\'run\' called with illegal receiver.');
      if (typeof runArguments[0] !== 'function') throw new Error('First argument must be a function.');
      return Reflect.apply(runArguments[0], undefined, []);
    },
  };
  return task;
}

module.exports = { createTask };
