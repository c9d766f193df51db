// `import.meta` of the loader's own modules.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { startsWith } = require('internal/captured');
const { isHooksThread } = require('internal/modules/hook_lists');
const { getOptionValue } = require('internal/options');

/**
 * @param {object} meta without properties
 * @param {ModuleRecord} record
 */
function initialize(meta, record) {
  const { url } = record;
  if (startsWith(url, 'file:')) {
    const filename = require('internal/modules/esm/resolve').pathOf(url);
    meta.dirname = require('path').dirname(filename);
    meta.filename = filename;
  }
  meta.main = record.isMain;
  // Nobody can wait for hooks on their own thread.
  if (!isHooksThread()) meta.resolve = makeResolve(url);
  meta.url = url;
}

function makeResolve(url) {
  const { resolveForImportMeta } = require('internal/modules/esm/loader');
  const takesParent = getOptionValue('--experimental-import-meta-resolve') === true;
  return function resolve(specifier, parentURL) {
    let parent = url;
    if (takesParent && parentURL !== undefined) {
      if (typeof parentURL !== 'string' && typeof parentURL?.href !== 'string') {
        throw new ERR_INVALID_ARG_TYPE('parentURL', ['string', 'URL'], parentURL);
      }
      parent = `${parentURL}`;
    }
    return resolveForImportMeta(`${specifier}`, parent);
  };
}

module.exports = { initialize };
