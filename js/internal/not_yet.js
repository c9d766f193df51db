// Stands in for functions and classes of modules that are not there yet: using one throws an error that
// says so.
'use strict';

/**
 * @param {string} message  what is not there yet
 * @returns {Error} with code ERR_METHOD_NOT_IMPLEMENTED
 */
function notThereYet(message) {
  const error = new Error(message);
  error.code = 'ERR_METHOD_NOT_IMPLEMENTED';
  return error;
}

/**
 * @param {string} module  the module's name
 * @param {string[]} names  the functions and classes that it lacks
 * @returns {Record<string, Function>} a function for each that throws ERR_METHOD_NOT_IMPLEMENTED
 */
function notYet(module, names) {
  const functions = {};
  for (const name of names) {
    functions[name] = {
      [name]: function() {
        throw notThereYet(`${module}.${name} is not there yet in Ironode`);
      },
    }[name];
  }
  return functions;
}

module.exports = { notThereYet, notYet };
