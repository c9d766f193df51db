// `module.register` and the modules of `--experimental-loader`: hooks that run on a thread of their own.
'use strict';

const { getOptionValue } = require('internal/options');
const hookLists = require('internal/modules/hook_lists');
const { isURL } = require('internal/url');
const { isMainThread } = require('internal/worker/current');

/** The means to ask the thread of hooks, which is started where there is none. */
function useThread() {
  if (!hookLists.hasThread()) hookLists.setThread(require('internal/modules/hooks_thread').start(), false);
  return hookLists.thread();
}

let isDeprecationTold = false;

function warn() {
  if (isDeprecationTold) return;
  isDeprecationTold = true;
  const message = '`module.register()` is deprecated. Use `module.registerHooks()` instead.';
  process.emitWarning(message, 'DeprecationWarning', 'DEP0205');
}

/**
 * @param {string | URL} specifier of a module with hooks
 * @param {string | URL | { parentURL?: string | URL, data?: any, transferList?: object[] }} [parentURL]
 * @param {{ parentURL?: string | URL, data?: any, transferList?: object[] }} [options]
 */
function register(specifier, parentURL = undefined, options = undefined) {
  warn();
  if (parentURL !== null && typeof parentURL === 'object' && !isURL(parentURL)) {
    options = parentURL;
    parentURL = options.parentURL;
  }
  const args = [`${specifier}`, `${parentURL ?? 'data:'}`, options?.data];
  // On the thread of hooks itself nobody can wait for the end of the registration.
  if (hookLists.isHooksThread()) hookLists.thread().request('register', args);
  else useThread().requestSync('register', args, options?.transferList);
}

/** Starts the thread of hooks with the modules of `--experimental-loader`. */
function registerLoaders() {
  const loaders = getOptionValue('--experimental-loader');
  if (isMainThread) warnOfLoaders(loaders);
  const base = require('internal/url').pathToFileURL(`${process.cwd()}/`).href;
  const thread = useThread();
  for (const loader of loaders) thread.requestSync('register', [loader, base, undefined]);
}

function warnOfLoaders(loaders) {
  const calls = loaders.map((loader) => `register(${JSON.stringify(loader)}, pathToFileURL("./"));`).join(' ');
  process.emitWarning(
    '`--experimental-loader` may be removed in the future; instead use `register()`:\n' +
      '--import \'data:text/javascript,import { register } from "node:module"; import { pathToFileURL } from ' +
      `"node:url"; ${calls}'`,
    'ExperimentalWarning'
  );
}

module.exports = { register, registerLoaders };
