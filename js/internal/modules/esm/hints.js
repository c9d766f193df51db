// Advice for imports that `require` would have found: an extension or the file of a folder is missing.
'use strict';

const { indexOf, lastIndexOf, replaceAll, slice, startsWith } = require('internal/captured');
const { dirname, posix } = require('path');
const { fileURLToPath, pathToFileURL } = require('internal/url');

const NODE_MODULES = '/node_modules/';

/** What `require` finds. As in Node, what is relative is relative to the working directory. */
function findAsCommonJS(specifier, parent) {
  const { Module } = require('internal/modules/cjs');
  const module = new Module('', null);
  module.paths = Module._nodeModulePaths(dirname(fileURLToPath(parent)));
  try {
    const request = startsWith(specifier, 'file:') ? fileURLToPath(specifier) : specifier;
    return Module._resolveFilename(request, module, false);
  } catch {
    // It finds nothing either.
    return undefined;
  }
}

function describe(specifier, found, parent) {
  const url = pathToFileURL(found);
  if (specifier[0] === '/' || startsWith(specifier, 'file:')) return url.pathname;
  if (specifier[0] === '.') {
    const relative = posix.relative(dirname(new (require('web/url').URL)(parent).pathname), url.pathname);
    return startsWith(relative, '../') ? relative : `./${relative}`;
  }
  const inside = slice(url.pathname, lastIndexOf(url.pathname, NODE_MODULES) + NODE_MODULES.length);
  return indexOf(inside, '/') === -1 ? url.href : inside;
}

/**
 * @param {any} error of looking for a module, which is given a line of advice where there is any
 * @param {string} specifier
 * @param {string} parent URL of who asks
 */
function addHint(error, specifier, parent) {
  const { code } = error;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'ERR_UNSUPPORTED_DIR_IMPORT') return;
  if (!startsWith(parent, 'file:')) return;
  const found = findAsCommonJS(specifier, parent);
  if (found === undefined) return;
  const { message, stack } = error;
  const advised = `${message}\nDid you mean to import ${JSON.stringify(describe(specifier, found, parent))}?`;
  error.message = advised;
  error.stack = replaceAll(stack, message, () => advised);
}

module.exports = { addHint };
