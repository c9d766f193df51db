// Which functions of `module.registerHooks` there are: all that loading a module asks while there are none.
'use strict';

/** In the order of their registration. */
const resolvers = [];
const loaders = [];

/** @returns {boolean} whether a program takes part in finding modules */
function hasResolvers() {
  return resolvers.length > 0;
}

/** @returns {boolean} whether a program takes part in reading modules */
function hasLoaders() {
  return loaders.length > 0;
}

module.exports = { hasLoaders, hasResolvers, loaders, resolvers };
