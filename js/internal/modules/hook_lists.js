// Which hooks there are: all that loading a module asks while there are none.
'use strict';

/** Those of `module.registerHooks`, in the order of their registration. */
const resolvers = [];
const loaders = [];

/** The means to ask the thread that other hooks run on, where there is one. */
let client;
let isThread = false;

/** @returns {boolean} whether a program takes part in finding modules */
function hasResolvers() {
  return resolvers.length > 0;
}

/** @returns {boolean} whether a program takes part in reading modules */
function hasLoaders() {
  return loaders.length > 0;
}

/** @returns {boolean} whether there are hooks on a thread of their own */
function hasThread() {
  return client !== undefined;
}

/** @returns {HooksClient | undefined} see `internal/modules/hooks_thread` */
function thread() {
  return client;
}

/**
 * @param {HooksClient} newClient
 * @param {boolean} isOwn whether this is the thread of hooks itself
 */
function setThread(newClient, isOwn) {
  client = newClient;
  isThread = isOwn;
}

/** @returns {boolean} whether this is the thread of hooks */
function isHooksThread() {
  return isThread;
}

module.exports = {
  hasLoaders,
  hasResolvers,
  hasThread,
  isHooksThread,
  loaders,
  resolvers,
  setThread,
  thread,
};
