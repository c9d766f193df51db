// Stands in for functions and classes of modules that are not there yet: using one throws an error that
// says so.
'use strict';

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
        const error = new Error(`${module}.${name} is not there yet in Ironode`);
        error.code = 'ERR_METHOD_NOT_IMPLEMENTED';
        throw error;
      },
    }[name];
  }
  return functions;
}

module.exports = { notYet };
