// `--test-global-setup`: what a module does before and after all tests of a run.
'use strict';

/**
 * Loads the module and runs its `globalSetup`.
 * @param {string | Buffer | URL} path
 * @param {string} cwd
 * @returns {Promise<Function | undefined>} its `globalTeardown`
 */
async function setUp(path, cwd) {
  const { importModule, baseURL } = require('internal/modules/esm/loader');
  const { isURL } = require('internal/url');
  const { pathToFileURL } = require('url');
  const url = isURL(path) ? path : pathToFileURL(require('path').resolve(cwd, `${path}`));
  const { globalSetup, globalTeardown } = exportsOf(await importModule(url.href, baseURL()));
  if (typeof globalSetup === 'function') await globalSetup();
  return typeof globalTeardown === 'function' ? globalTeardown : undefined;
}

function exportsOf(namespace) {
  const { default: whole } = namespace;
  return { ...(typeof whole === 'object' ? whole : undefined), ...namespace };
}

/** Ends the process with an error of the setup: there is no run that it could be told in. */
function failSetUp(error) {
  process.removeAllListeners('uncaughtException');
  process.removeAllListeners('unhandledRejection');
  process.removeAllListeners('beforeExit');
  process.removeAllListeners('exit');
  process.once('uncaughtException', (again) => {
    throw again;
  });
  internalBinding('task_queue').triggerUncaught(error, false);
}

module.exports = { failSetUp, setUp };
