// From a URL to V8's module, by format: the text of an ECMAScript module is compiled; everything else becomes a
// module whose exports are set when it is evaluated.
'use strict';

const {
  codes: { ERR_UNKNOWN_MODULE_FORMAT },
} = require('internal/errors');
const { charCodeAt, includes, indexOf, slice, startsWith } = require('internal/captured');
const { getOptionValue } = require('internal/options');
const { requireBuiltin } = require('internal/bootstrap/realm');
const { checkAttributeNames, checkType, detect, formatOf } = require('internal/modules/esm/formats');
const { checkScheme, pathOf } = require('internal/modules/esm/resolve');
const sourceMaps = require('internal/source_map/cache');
const { kept: keptMaps } = require('internal/source_map/support');
const { textOf } = require('internal/modules/hooks');
const { readImported } = require('internal/modules/text');
const { usedCompileCache } = require('internal/modules/cjs');
const binding = internalBinding('module_wrap');

const { keys } = Object;
const { parse } = JSON;

const TRANSLATORS = {
  __proto__: null,
  builtin: translateBuiltin,
  module: translateModule,
  commonjs: (record, source) => require('internal/modules/esm/commonjs').translate(record, source),
  json: translateJSON,
  text: translateText,
  wasm: (record, source) => require('internal/modules/esm/wasm').translate(record, source),
  'typescript': translateTypescript,
  'module-typescript': translateTypescript,
  'commonjs-typescript': translateTypescript,
  addon: (record) => require('internal/modules/esm/commonjs').translateAddon(record),
  mock: translateMock,
};

/** The exports of mocks by their URL, once there are some. */
let findMock = () => undefined;

/** @returns {string | Uint8Array} what is at `url` */
function readSource(url, format) {
  if (startsWith(url, 'file:')) {
    const path = pathOf(url);
    return format === 'wasm' ? require('fs').readFileSync(path) : readImported(url, path);
  }
  return readDataURL(url, format);
}

function readDataURL(url, format) {
  const comma = indexOf(url, ',');
  if (comma === -1) {
    const {
      codes: { ERR_INVALID_URL },
    } = require('internal/errors');
    throw new ERR_INVALID_URL(url);
  }
  const { Buffer } = require('buffer');
  const hash = indexOf(url, '#');
  const body = decodeURIComponent(slice(url, comma + 1, hash === -1 ? url.length : hash));
  const bytes = Buffer.from(body, /;base64$/i.test(slice(url, 0, comma)) ? 'base64' : 'utf8');
  return format === 'wasm' ? bytes : bytes.toString();
}

/**
 * Reads and compiles.
 * @param {ModuleRecord} record with its URL
 * @param {object | undefined} attributes
 * @param {string | undefined} hint the format, where a hook has told it
 * @returns {ModuleRecord} the same, with format and wrap
 */
function translate(record, attributes, hint) {
  const { url } = record;
  const { format, source } = read(url, attributes, hint);
  if (format === 'module' && formatOf(url, false) === '') record.wasDetected = true;
  return translateAs(record, format, source);
}

function read(url, attributes, hint) {
  checkScheme(url);
  checkAttributeNames(url, attributes);
  const type = attributes?.type;
  const isText = type === 'text' && getOptionValue('--experimental-import-text') === true;
  let format = isText ? 'text' : (hint ?? formatOf(url));
  let source;
  if (!isText) checkType(url, format, type);
  if (format !== 'builtin' && format !== 'addon') source = readSource(url, format);
  if (format === '') {
    format = detect(source, pathOf(url));
    if (format === 'module') require('internal/modules/esm/typeless').warn(pathOf(url));
  }
  return { format, source };
}

/**
 * The last step of the hooks that read modules.
 * @param {string} url
 * @param {string | undefined} format
 * @param {object | undefined} attributes
 * @returns {{ format: string, responseURL: string, source: Buffer | null }}
 */
function readForHook(url, format, attributes) {
  const found = read(url, attributes !== undefined && keys(attributes).length > 0 ? attributes : undefined, format);
  const { source } = found;
  const isText = typeof source === 'string';
  return {
    __proto__: null,
    format: found.format === 'typescript' ? detectWithTypes(source, url) : found.format,
    responseURL: url,
    source: isText ? require('buffer').Buffer.from(source) : (source ?? null),
  };
}

/**
 * Compiles what a hook has given.
 * @param {ModuleRecord} record with its URL
 * @param {string} format
 * @param {unknown} source
 * @returns {ModuleRecord} the same, with format and wrap
 */
function translateLoaded(record, format, source) {
  if (TRANSLATORS[format] === undefined) throw new ERR_UNKNOWN_MODULE_FORMAT(format, record.url);
  return translateAs(record, format, format === 'wasm' ? source : textOf(source));
}

/**
 * @param {ModuleRecord} record with its URL
 * @param {string} format
 * @param {string | Uint8Array | undefined} source
 * @returns {ModuleRecord} the same, with format and wrap
 */
function translateAs(record, format, source) {
  const translator = TRANSLATORS[format];
  if (translator === undefined) throw new ERR_UNKNOWN_MODULE_FORMAT(format, record.url);
  record.format = format;
  return record.setWrap(translator(record, source));
}

// TypeScript is what is left of it without types.
function translateTypescript(record, source) {
  const { formatWithoutTypes, stripFile } = require('internal/modules/typescript');
  const text = stripFile(source, record.url);
  const format = formatWithoutTypes(record.format) || detectAndWarn(text, record);
  record.format = format;
  return TRANSLATORS[format](record, text);
}

function detectAndWarn(text, record) {
  const filename = pathOf(record.url);
  const format = detect(text, filename);
  if (format === 'module') {
    record.wasDetected = true;
    require('internal/modules/esm/typeless').warn(filename);
  }
  return format;
}

/** What hooks are told of a TypeScript file of which only the text says what it is. */
function detectWithTypes(source, url) {
  const { stripFile } = require('internal/modules/typescript');
  const filename = pathOf(url);
  const format = detect(stripFile(source, url), filename);
  if (format === 'module') require('internal/modules/esm/typeless').warn(filename);
  return `${format}-typescript`;
}

function translateModule(record, source) {
  const cache = usedCompileCache();
  const wrap = cache === undefined ? binding.compile(source, record.url) : cache.compileModule(source, record.url);
  if (keptMaps.maps) sourceMaps.remember(record.url, source, binding.sourceMapUrl(wrap));
  return wrap;
}

function translateBuiltin(record) {
  const exports = requireBuiltin(slice(record.url, 5));
  return require('internal/modules/esm/builtin_exports').makeWrap(record.url, exports);
}

const stripBOM = (text) => (charCodeAt(text, 0) === 0xfeff ? slice(text, 1) : text);

function translateJSON(record, source) {
  let value;
  const isFile = startsWith(record.url, 'file:') && !includes(record.url, '?') && !includes(record.url, '#');
  const path = isFile ? pathOf(record.url) : undefined;
  // What `require` has loaded is the same object.
  const known = path === undefined ? undefined : require('internal/modules/cjs').Module._cache[path];
  if (known?.loaded) {
    value = known.exports;
  } else {
    try {
      value = parse(stripBOM(source));
    } catch (error) {
      error.message = `${record.url}: ${error.message}`;
      throw error;
    }
    if (path !== undefined) keepForRequire(path, value);
  }
  return makeDefault(record.url, value);
}

function keepForRequire(path, value) {
  const { Module } = require('internal/modules/cjs');
  if (Module._cache[path] !== undefined) return;
  const module = new Module(path);
  module.filename = path;
  module.exports = value;
  module.loaded = true;
  Module._cache[path] = module;
}

/** @param {(url: string) => { names: string[], values: () => unknown[] } | undefined} find */
function registerMocks(find) {
  findMock = find;
}

function translateMock(record) {
  const mock = findMock(record.url);
  if (mock === undefined) throw new ERR_UNKNOWN_MODULE_FORMAT('mock', record.url);
  const { names, values } = mock;
  return binding.createSynthetic(record.url, names, (wrap) => {
    binding.setExports(wrap, names, values());
  });
}

function translateText(record, source) {
  return makeDefault(record.url, source);
}

/** A module with nothing but a default export. */
function makeDefault(url, value) {
  return binding.createSynthetic(url, ['default'], (wrap) => {
    binding.setExports(wrap, ['default'], [value]);
  });
}

module.exports = { readForHook, registerMocks, translate, translateAs, translateLoaded };
