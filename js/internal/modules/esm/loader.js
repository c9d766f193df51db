// The loader of ECMAScript modules: from a specifier to a namespace. A graph is found, read and compiled in one go,
// without a promise for any of its edges; only its evaluation is asynchronous.
'use strict';

const {
  codes: { ERR_INVALID_RETURN_PROPERTY_VALUE, ERR_REQUIRE_ASYNC_MODULE, ERR_REQUIRE_CYCLE_MODULE },
} = require('internal/errors');
const { arrayPush, mapGet, mapSet, startsWith } = require('internal/captured');
const { getOptionValue } = require('internal/options');
const channels = require('internal/modules/channels');
const resolution = require('internal/modules/esm/resolve');
const formats = require('internal/modules/esm/formats');
const { readForHook, translate, translateAs, translateLoaded } = require('internal/modules/esm/translators');
const { hasLoaders, hasResolvers, hasThread, thread } = require('internal/modules/hook_lists');
const hooks = require('internal/modules/hooks');
const pause = require('internal/inspector/pause');
const { importConditions } = require('internal/modules/package_exports');
const { explainLinkError } = require('internal/modules/esm/link_errors');
const binding = internalBinding('module_wrap');

const { create } = Object;

const INSTANTIATED = 2;
const EVALUATING = 3;
const EVALUATED = 4;
const ERRORED = 5;

const SOURCE_PHASE = 1;

/** All modules by URL, and by URL for each `type` of import attributes. */
const loaded = new Map();
const loadedByType = create(null);

/** What specifiers mean, by the URL of who asks. */
let resolved = new Map();

/** How many evaluations are under way on the stack. */
let evaluating = 0;

/** One module of the loader. Its fields are its own, whatever a program has put on `Object.prototype`. */
class ModuleRecord {
  url;
  format;
  wrap = undefined;
  isMain = false;
  /** Whether all that it needs, directly or not, is loaded and linked. */
  isLinked = false;
  /** The last walk through a graph that came here. */
  visit = 0;
  /** The records that it imports. */
  children = [];
  /** Whether V8 knows of them. */
  isBound = false;
  /** Settled when it does, where hooks on their own thread are asked for them. */
  whenBound = undefined;
  /** Whether a hook on its own thread has read it. */
  isCustom = false;
  /** Settled when it has run. */
  promise = undefined;
  /** For a module whose source can be imported, that source. */
  source = undefined;
  /** Fills `import.meta` in another way than that of files. */
  initializeImportMeta = undefined;
  /** Whether only its text shows that it is an ECMAScript module. */
  wasDetected = false;
  /** The namespace with `__esModule` that `require` gives. */
  facade = undefined;

  /**
   * @param {string} url
   * @param {string} format
   */
  constructor(url, format) {
    this.url = url;
    this.format = format;
  }

  /** Gives the record V8's module. */
  setWrap(wrap) {
    this.wrap = wrap;
    wrap.record = this;
    return this;
  }
}

function cacheFor(type) {
  return type === undefined ? loaded : (loadedByType[type] ??= new Map());
}

/**
 * @param {string} url
 * @param {object} [attributes]
 * @returns {ModuleRecord | undefined} the module, where it is loaded already
 */
function find(url, attributes) {
  return mapGet(cacheFor(attributes?.type), url);
}

/** What a hook has said of the format of the URL that was resolved last, and of its import attributes. */
let hint;
let hintedAttributes;

/**
 * @param {string} specifier
 * @param {string} parent URL of who asks
 * @param {object} [attributes]
 * @returns {string} URL
 */
function resolve(specifier, parent, attributes) {
  hint = undefined;
  hintedAttributes = undefined;
  if (hasResolvers()) return resolveWithHooks(specifier, parent, attributes);
  if (hasThread()) return accept(resolveOnThread(specifier, parent, attributes));
  let known = mapGet(resolved, parent);
  if (known === undefined) mapSet(resolved, parent, (known = create(null)));
  return (known[specifier] ??= resolution.resolve(specifier, parent));
}

function resolveWithHooks(specifier, parent, attributes) {
  const conditions = [...importConditions()];
  const importAttributes = attributes ?? { __proto__: null };
  return accept(hooks.resolve(specifier, parent, importAttributes, conditions, resolveAfterHooks));
}

function accept({ url, format, importAttributes }) {
  hint = format ?? undefined;
  hintedAttributes = importAttributes ?? undefined;
  return url;
}

function resolveOnThread(specifier, parent, attributes) {
  return thread().requestSync('resolve', [specifier, parent, { ...attributes }]);
}

/** What comes after the last hook of `registerHooks`. */
function resolveAfterHooks(specifier, context) {
  if (!hasThread()) return resolveByDefault(specifier, context);
  return resolveOnThread(specifier, context.parentURL, context.importAttributes);
}

/**
 * The loader's own resolution as hooks see it.
 * @param {string} specifier
 * @param {{ parentURL: string, conditions?: string[] }} context
 * @returns {{ url: string, format: string | undefined }}
 */

function resolveByDefault(specifier, context) {
  const conditions = hooks.conditionsOf(context, 'conditions', importConditions);
  const url = resolution.resolve(`${specifier}`, context.parentURL, conditions);
  return { __proto__: null, url, format: hintOf(url) };
}

function hintOf(url) {
  const format = formats.formatOf(url, false);
  return format === '' || format === 'typescript' ? null : format;
}

/**
 * @param {string} url
 * @param {object | undefined} attributes
 * @param {boolean} [isMain]
 * @returns {ModuleRecord} compiled, and linked to nothing yet if it is new
 */
function load(url, attributes, isMain = false) {
  if (hintedAttributes !== undefined) attributes = hintedAttributes;
  const cache = cacheFor(attributes?.type);
  let record = mapGet(cache, url);
  if (record === undefined) {
    channels.reportURL?.(url);
    record = new ModuleRecord(url, '');
    record.isMain = isMain;
    if (hasLoaders()) loadWithHooks(record, attributes);
    else if (hasThread()) finishLoading(record, loadOnThread(url, hint, attributes));
    else translate(record, attributes, hint);
    mapSet(cache, url, record);
  }
  return record;
}

function loadWithHooks(record, attributes) {
  const { url } = record;
  const format = hint ?? hintOf(url);
  const importAttributes = attributes ?? { __proto__: null };
  const result = hooks.load(url, format, importAttributes, [...importConditions()], loadAfterHooks);
  translateLoaded(record, result.format, result.source);
}

function loadOnThread(url, format, attributes) {
  return thread().requestSync('load', [url, format, { ...attributes }]);
}

/** What comes after the last hook of `registerHooks`. */
function loadAfterHooks(url, context) {
  if (!hasThread()) return loadByDefault(url, context);
  return loadOnThread(url, context.format, context.importAttributes);
}

/** A CommonJS file that hooks give no text of is the matter of `require`, which does not ask them. */
function finishLoading(record, { format, source }) {
  record.isCustom = source !== null && source !== undefined;
  if (!record.isCustom && !mayLackSource(format)) {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('string, array buffer, or typed array', 'load', 'source', source);
  }
  if (record.isCustom || format !== 'commonjs') translateLoaded(record, format, source);
  else translateAs(record, format, undefined);
}

const mayLackSource = (format) => format === 'builtin' || format === 'commonjs' || format === 'addon';

/** The loads under way that nobody waits for on the stack, by `type` and URL. */
const loading = new Map();

/** The same as `load` of what `resolve` gives, without waiting for the thread of hooks. */
async function findOnThread(specifier, parent, attributes, isMain) {
  const { url, format, importAttributes } = await thread().request('resolve', [specifier, parent, { ...attributes }]);
  attributes = importAttributes;
  const known = find(url, attributes);
  if (known !== undefined) return known;
  const key = `${attributes?.type}\0${url}`;
  let promise = loading.get(key);
  if (promise === undefined) {
    promise = read(url, format, attributes, isMain).finally(() => loading.delete(key));
    loading.set(key, promise);
  }
  return promise;
}

async function read(url, format, attributes, isMain) {
  const loaded = await thread().request('load', [url, format, { ...attributes }]);
  const known = find(url, attributes);
  if (known !== undefined) return known;
  const record = new ModuleRecord(url, '');
  record.isMain = isMain;
  finishLoading(record, loaded);
  mapSet(cacheFor(attributes?.type), url, record);
  return record;
}

function loadByDefault(url, { format, importAttributes }) {
  const { URL } = require('web/url');
  return readForHook(new URL(url).href, format ?? undefined, importAttributes);
}

/** Whether hooks are asked by messages: those of `registerHooks` cannot wait. */
function asksThread() {
  return hasThread() && !asksHooks();
}

/** Whether hooks of `registerHooks` see each module. */
function asksHooks() {
  return hasResolvers() || hasLoaders();
}

/** Enters a record that was made otherwise. */
function add(record) {
  mapSet(loaded, record.url, record);
}

/**
 * @param {string} filename absolute, of the main program
 * @returns {string} its URL
 */
function resolveMain(filename) {
  checkInputType();
  if (hasResolvers()) return resolve(resolution.urlOf(filename), undefined);
  hint = undefined;
  hintedAttributes = undefined;
  return resolution.resolve(resolution.urlOf(filename), undefined);
}

function checkInputType() {
  if (getOptionValue('--input-type') === undefined) return;
  const {
    codes: { ERR_INPUT_TYPE_NOT_ALLOWED },
  } = require('internal/errors');
  throw new ERR_INPUT_TYPE_NOT_ALLOWED();
}

let visits = 0;

/**
 * Loads and links everything that a module needs.
 * @param {ModuleRecord} root
 * @param {boolean} [isRequired]
 */
function linkGraph(root, isRequired = false) {
  if (root.isLinked) return;
  const visit = ++visits;
  root.visit = visit;
  const found = [root];
  for (let i = 0; i < found.length; i++) linkOne(found[i], found, visit, isRequired);
  for (let i = 0; i < found.length; i++) found[i].isLinked = true;
}

/** The same as `linkGraph`, without waiting for the thread of hooks. */
async function linkGraphOnThread(root) {
  if (root.isLinked) return;
  const found = new Set([root]);
  for (const record of found) {
    await (record.whenBound ??= bindOnThread(record));
    for (const child of record.children) {
      if (!child.isLinked) found.add(child);
    }
  }
  for (const record of found) record.isLinked = true;
}

async function bindOnThread(record) {
  if (record.isBound) return;
  const requests = binding.requests(record.wrap);
  const found = [];
  for (let i = 0; i < requests.length; i += 3) {
    found.push(await findOnThread(requests[i], record.url, requests[i + 1], false));
  }
  // Somebody who could not wait may have done it meanwhile.
  if (record.isBound) return;
  const isSource = (child, i) => requests[i * 3 + 2] === SOURCE_PHASE;
  bind(record, found.map((child, i) => (isSource(child, i) ? sourceOf(child) : child.wrap)));
  record.children = found.filter((child, i) => !isSource(child, i));
}

function bind(record, wraps) {
  binding.link(record.wrap, wraps);
  record.isBound = true;
}

function linkOne(record, found, visit, isRequired) {
  if (record.isBound) {
    followChildren(record, found, visit);
    return;
  }
  const requests = binding.requests(record.wrap);
  const wraps = [];
  const children = [];
  for (let i = 0; i < requests.length; i += 3) {
    const attributes = requests[i + 1];
    const url = resolve(requests[i], record.url, attributes);
    if (isRequired) checkCycle(url, requests[i], record);
    const child = load(url, attributes);
    if (requests[i + 2] === SOURCE_PHASE) {
      arrayPush(wraps, sourceOf(child));
      continue;
    }
    arrayPush(wraps, child.wrap);
    arrayPush(children, child);
    if (child.isLinked || child.visit === visit) continue;
    child.visit = visit;
    arrayPush(found, child);
  }
  record.children = children;
  bind(record, wraps);
}

function followChildren({ children }, found, visit) {
  for (let i = 0; i < children.length; i++) {
    if (children[i].isLinked || children[i].visit === visit) continue;
    children[i].visit = visit;
    arrayPush(found, children[i]);
  }
}

/** `require` may not lead into what is being evaluated further down the stack. */
function checkCycle(url, specifier, record) {
  const isESM = find(url) !== undefined && binding.status(find(url).wrap) === EVALUATING;
  if (!isESM && !isExecutingCommonJS(url)) return;
  const kind = isESM ? 'Module' : 'CommonJS Module';
  const from = resolution.describe(record.url);
  throw new ERR_REQUIRE_CYCLE_MODULE(`Cannot import ${kind} ${specifier} in a cycle. (from ${from})`);
}

function isExecutingCommonJS(url) {
  if (!startsWith(url, 'file:')) return false;
  const cached = require('internal/modules/cjs').Module._cache[resolution.pathOf(url)];
  return cached !== undefined && !cached.loaded && formats.formatOf(url, false) !== 'module';
}

function sourceOf(record) {
  if (record.source !== undefined) return record.source;
  const {
    codes: { ERR_SOURCE_PHASE_NOT_DEFINED },
  } = require('internal/errors');
  throw new ERR_SOURCE_PHASE_NOT_DEFINED(record.url);
}

function instantiate(record) {
  if (binding.status(record.wrap) >= INSTANTIATED) return;
  try {
    binding.instantiate(record.wrap, true);
  } catch (error) {
    throw explainLinkError(error, record, resolve, find);
  }
}

/** A module of the graph that is being evaluated further down the stack. */
function findEvaluating(root) {
  if (evaluating === 0) return undefined;
  const visit = ++visits;
  const found = [root];
  for (let i = 0; i < found.length; i++) {
    const record = found[i];
    const status = binding.status(record.wrap);
    if (status === EVALUATING) return record;
    if (status >= EVALUATED) continue;
    const { children } = record;
    for (let k = 0; k < children.length; k++) {
      if (children[k].visit === visit) continue;
      children[k].visit = visit;
      arrayPush(found, children[k]);
    }
  }
  return undefined;
}

/** Runs a graph that is linked: a promise that is settled when all of it has run. */
function evaluate(record) {
  if (record.promise !== undefined) return record.promise;
  const busy = findEvaluating(record);
  // V8 cannot begin with what is on the stack: its end is awaited.
  if (busy !== undefined) return waitFor(busy).then(() => evaluate(record));
  evaluating++;
  try {
    if (pause.isDue && record.isMain) pause.now();
    record.promise = binding.evaluate(record.wrap);
  } finally {
    evaluating--;
  }
  return record.promise;
}

async function waitFor(record) {
  while (binding.status(record.wrap) === EVALUATING) await undefined;
}

/**
 * @param {ModuleRecord} record
 * @returns {Promise<object>} the namespace, when the module has run
 */
async function run(record) {
  if (asksThread()) await linkGraphOnThread(record);
  else linkGraph(record);
  instantiate(record);
  try {
    await evaluate(record);
  } catch (error) {
    throw require('internal/modules/esm/runtime_errors').explain(error, record);
  }
  return binding.namespace(record.wrap);
}

/**
 * @param {string} specifier
 * @param {string} parent URL
 * @param {object} [attributes]
 * @param {number} [phase]
 * @returns {Promise<object>} the namespace; for the source phase, the source
 */
async function importModule(specifier, parent, attributes, phase = 0) {
  let record;
  if (asksThread()) {
    record = await findOnThread(specifier, parent, attributes, false);
    if (phase === SOURCE_PHASE) return sourceOf(record);
    await linkGraphOnThread(record);
  } else {
    record = load(resolve(specifier, parent, attributes), attributes);
    if (phase === SOURCE_PHASE) return sourceOf(record);
    linkGraph(record);
  }
  // As many steps as in Node: a program can count them by its own promises.
  await undefined;
  await undefined;
  await undefined;
  await undefined;
  instantiate(record);
  await undefined;
  try {
    await evaluate(record);
  } catch (error) {
    throw require('internal/modules/esm/runtime_errors').explain(error, record);
  }
  return binding.namespace(record.wrap);
}

/**
 * The main program, where hooks take part in finding it.
 * @param {string} filename absolute
 * @returns {Promise<ModuleRecord>}
 */
function loadMain(filename) {
  checkInputType();
  return findOnThread(resolution.urlOf(filename), undefined, undefined, true);
}

function urlOfScript(name) {
  if (typeof name !== 'string') return baseURL();
  if (startsWith(name, '/')) return resolution.urlOf(name);
  if (name === '[eval]' || name === '[stdin]') return baseURL() + name;
  if (require('web/url').URL.canParse(name)) return name;
  return baseURL();
}

/** The URL of the folder that programs without a file lie in. */
function baseURL() {
  return resolution.urlOf(`${process.cwd()}/`);
}

/**
 * Answers `import()` of code that the loader has not been told of otherwise.
 * @param {string} specifier
 * @param {string | undefined} referrer name of the script: a path, a URL or neither
 * @param {object | undefined} attributes
 * @param {number} phase
 * @returns {Promise<object>}
 */
function importFromScript(specifier, referrer, attributes, phase) {
  const parentURL = urlOfScript(referrer);
  const traced = channels.import;
  if (!traced?.hasSubscribers) return importModule(specifier, parentURL, attributes, phase);
  const context = { __proto__: null, parentURL, url: specifier };
  return traced.tracePromise(importModule, context, undefined, specifier, parentURL, attributes, phase);
}

/**
 * `import.meta.resolve`.
 * @param {string} specifier
 * @param {string} parent URL
 * @returns {string} URL; of a file that may not exist
 */
function resolveForImportMeta(specifier, parent) {
  try {
    return resolve(specifier, parent);
  } catch (error) {
    const { code } = error;
    if (code === 'ERR_UNSUPPORTED_DIR_IMPORT' || code === 'ERR_MODULE_NOT_FOUND') {
      if (error.url !== undefined) return `${error.url}`;
    }
    throw error;
  }
}

function requireCycle(record, filename, parent) {
  let message =
    `Cannot require() ES Module ${filename} in a cycle.` +
    (parent ? ` (from ${parent})` : '') +
    ' A cycle involving require(esm) is not allowed to maintain invariants mandated by the ECMAScript ' +
    'specification. Try making at least part of the dependency in the graph lazily loaded.';
  return new ERR_REQUIRE_CYCLE_MODULE(message);
}

/**
 * `require` of an ECMAScript module.
 * @param {ModuleRecord} record
 * @param {string} filename
 * @param {Module} [parent]
 * @returns {object} the namespace
 * @throws {Error} ERR_REQUIRE_ASYNC_MODULE, ERR_REQUIRE_CYCLE_MODULE
 */
function runForRequire(record, filename, parent) {
  const parentName = parent?.filename;
  let status = binding.status(record.wrap);
  if (status === EVALUATING) throw requireCycle(record, filename, parentName);
  linkGraph(record, true);
  binding.instantiate(record.wrap, false);
  status = binding.status(record.wrap);
  if (status === ERRORED) return binding.evaluateSync(record.wrap);
  if (binding.isGraphAsync(record.wrap)) {
    throw new ERR_REQUIRE_ASYNC_MODULE(filename, parent);
  }
  if (status < EVALUATED && findEvaluating(record) !== undefined) throw requireCycle(record, filename, parentName);
  evaluating++;
  try {
    record.promise = binding.evaluateSync(record.wrap);
  } catch (error) {
    throw require('internal/modules/esm/runtime_errors').explain(error, record);
  } finally {
    evaluating--;
  }
  return binding.namespace(record.wrap);
}

/** Forgets which files specifiers mean. */
function forgetResolutions() {
  resolved = new Map();
}

module.exports = {
  ModuleRecord,
  add,
  asksHooks,
  asksThread,
  baseURL,
  evaluate,
  find,
  forgetResolutions,
  importFromScript,
  importModule,
  instantiate,
  linkGraph,
  load,
  loadByDefault,
  loadMain,
  loaded,
  resolve,
  resolveByDefault,
  resolveForImportMeta,
  resolveMain,
  run,
  runForRequire,
};
