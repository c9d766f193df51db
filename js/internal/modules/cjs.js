// CommonJS: the class Module, from a request to the exports of a file. Where files are found is the matter of
// `internal/modules/resolve`.
'use strict';

const {
  codes: { ERR_INTERNAL_ASSERTION, ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_BUILTIN_MODULE },
} = require('internal/errors');
const {
  arrayIncludes,
  arrayIndexOf,
  arrayPush,
  arraySplice,
  charCodeAt,
  endsWith,
  mapDelete,
  mapGet,
  mapSet,
  slice,
  startsWith,
  weakMapGet,
  weakMapHas,
  weakMapSet,
} = require('internal/captured');
const { validateString } = require('internal/validators');
const { requireBuiltin } = require('internal/bootstrap/realm');
const { getOptionValue } = require('internal/options');
const { builtinId, builtinModules } = require('internal/modules/builtins');
const channels = require('internal/modules/channels');
const { traceModule, tracing } = require('internal/tracing');
const { finishExports, unfinishedExports } = require('internal/modules/circular');
const { findScope } = require('internal/modules/package_json');
const { createRequire, kURL, makeRequireFunction, setMain } = require('internal/modules/helpers');
const hooks = require('internal/modules/hook_lists');
const pause = require('internal/inspector/pause');
const { kept: keptMaps } = require('internal/source_map/support');
const resolution = require('internal/modules/resolve');
const { readTextFile } = require('internal/modules/text');
const { dirname, extname, join, resolve, toNamespacedPath } = require('path');
const binding = internalBinding('modules');

const { parents, toRealPath } = resolution;
const { apply } = Reflect;
const { isArray } = Array;
const { create, defineProperty } = Object;
const { parse } = JSON;

const kIsMainSymbol = Symbol('kIsMainSymbol');
const kIsCachedByESMLoader = Symbol('kIsCachedByESMLoader');
const kFormat = Symbol('kFormat');
const kIsExecuting = Symbol('kIsExecuting');

/** What modules exported at the end of their loading: `import` gives that, whatever is done to `exports` later. */
const loadedExports = new WeakMap();

/** `internal/modules/compile_cache`, where something has loaded it. */
let compileCache;

function useCompileCache() {
  compileCache ??= require('internal/modules/compile_cache');
  return compileCache;
}

/** @returns {object | undefined} the compile cache, where it is on */
function usedCompileCache() {
  return compileCache?.isEnabled() ? compileCache : undefined;
}

/** Files that were found, by the folder of who asked and the request. */
const resolvedFrom = new Map();

/** How many calls of `require` are under way. */
let depth = 0;
let isPreloading = false;

function updateChildren(parent, child, wasLoaded) {
  const children = parent?.children;
  if (children && !(wasLoaded && arrayIncludes(children, child))) arrayPush(children, child);
}

/**
 * One file of a program: what it has as `module`.
 * @param {string} id its file name, '.' for the main module
 * @param {Module} [parent] who required it first
 */
function Module(id = '', parent) {
  this.id = id;
  this.path = dirname(id);
  defineProperty(this, 'exports', {
    __proto__: null,
    value: {},
    writable: true,
    enumerable: true,
    configurable: true,
  });
  weakMapSet(parents, this, parent);
  updateChildren(parent, this, false);
  this.filename = null;
  this.loaded = false;
  this.children = [];
}
defineProperty(Module, 'length', { __proto__: null, value: 0, configurable: true });

Module._cache = create(null);
Module._pathCache = create(null);
Module._extensions = create(null);
Module.globalPaths = [];

// Programs may put other text around their files. As long as none does, files are compiled without any.
const wrapper = ['(function (exports, require, module, __filename, __dirname) { ', '\n});'];
let isPatched = false;

let wrapperProxy = new Proxy(wrapper, {
  __proto__: null,
  set(target, property, value, receiver) {
    isPatched = true;
    return Reflect.set(target, property, value, receiver);
  },
  defineProperty(target, property, descriptor) {
    isPatched = true;
    return Reflect.defineProperty(target, property, descriptor);
  },
});

let wrap = function (script) {
  return Module.wrapper[0] + script + Module.wrapper[1];
};

defineProperty(Module, 'wrap', {
  __proto__: null,
  get: () => wrap,
  set(value) {
    isPatched = true;
    wrap = value;
  },
});

defineProperty(Module, 'wrapper', {
  __proto__: null,
  get: () => wrapperProxy,
  set(value) {
    isPatched = true;
    wrapperProxy = value;
  },
});

/**
 * @param {unknown} id
 * @returns {boolean} whether `id` names a built-in module
 */
Module.isBuiltin = function isBuiltin(id) {
  return typeof id === 'string' && builtinId(id) !== undefined;
};

resolution.install(Module);

defineProperty(Module.prototype, 'constructor', {
  __proto__: null,
  get: () => Module,
});

defineProperty(Module.prototype, 'isPreloading', {
  __proto__: null,
  get: () => isPreloading,
});

let isParentDeprecated = false;

function warnOfParent() {
  if (isParentDeprecated || getOptionValue('--pending-deprecation') !== true) return;
  isParentDeprecated = true;
  process.emitWarning(
    'module.parent is deprecated due to accuracy issues. ' +
      'Please use require.main to find program entry point instead.',
    'DeprecationWarning',
    'DEP0144'
  );
}

defineProperty(Module.prototype, 'parent', {
  __proto__: null,
  get() {
    warnOfParent();
    return weakMapGet(parents, this);
  },
  set(value) {
    warnOfParent();
    weakMapSet(parents, this, value);
  },
});

// The innermost steps have names of their own, which show in stacks.
function wrapResolveFilename(request, parent, isMain, options) {
  return Module._resolveFilename(request, parent, isMain, options);
}

function defaultResolveImplForCJSLoading(request, parent, isMain, options) {
  if (!startsWith(request, 'node:')) return wrapResolveFilename(request, parent, isMain, options);
  if (builtinId(request) === undefined) throw new ERR_UNKNOWN_BUILTIN_MODULE(request);
  return request;
}

/**
 * @param {string} request
 * @param {Module} [parent]
 * @param {boolean} [isMain]
 * @returns {string} a file, `node:` and the name of a built-in module, or what hooks have made of the request
 */
function resolveForCJSWithHooks(request, parent, isMain) {
  if (!hooks.hasResolvers()) return defaultResolveImplForCJSLoading(request, parent, isMain);
  return require('internal/modules/cjs_hooks').resolve(request, parent, (specifier, conditions) =>
    defaultResolveImplForCJSLoading(specifier, parent, isMain, { __proto__: null, paths: undefined, conditions })
  );
}

const { _resolveFilename: ownResolveFilename } = Module;

// Most requests for a built-in module need no resolution: unless the program has a say in it.
function findBuiltin(request) {
  if (request[0] === '.' || request[0] === '/') return undefined;
  if (hooks.hasResolvers() || hooks.hasLoaders()) return undefined;
  if (Module._resolveFilename !== ownResolveFilename) return undefined;
  const id = builtinId(request);
  // A name without `node:` may be overridden in the cache.
  return id === request && Module._cache[request] !== undefined ? undefined : id;
}

function exportsOf(cached, parent) {
  updateChildren(parent, cached, true);
  if (cached.loaded) return cached.exports;
  if (cached[kFormat] === 'module') {
    const { throwIfEvaluating } = require('internal/modules/esm/from_commonjs');
    throwIfEvaluating(cached.filename, weakMapGet(parents, cached));
  }
  return unfinishedExports(cached);
}

/**
 * @param {string} request
 * @param {Module} [parent]
 * @param {boolean} [isMain]
 * @returns {unknown} the exports
 */
Module._load = function (request, parent, isMain) {
  const builtin = findBuiltin(request);
  if (builtin !== undefined) return requireBuiltin(builtin);

  let cacheKey;
  if (parent) {
    cacheKey = `${parent.path}\0${request}`;
    const known = mapGet(resolvedFrom, cacheKey);
    if (known !== undefined) {
      const cached = Module._cache[known];
      if (cached !== undefined) return exportsOf(cached, parent);
      mapDelete(resolvedFrom, cacheKey);
    }
  }

  const filename = resolveForCJSWithHooks(request, parent, isMain);
  const hasScheme = startsWith(filename, 'node:');
  const cached = hasScheme ? undefined : Module._cache[filename];
  if (cached !== undefined) return exportsOf(cached, parent);
  const id = builtinOf(filename, hasScheme);
  if (id !== undefined) {
    if (!hooks.hasLoaders() || require('internal/modules/cjs_hooks').staysBuiltin(id, filename)) return requireBuiltin(id);
  }

  return loadFile(filename, parent, isMain, cacheKey);
};

// The built-in module that a resolution has led to. A hook may lead to one whose name alone is that of a package.
function builtinOf(filename, hasScheme) {
  if (hasScheme) return slice(filename, 5);
  if (hooks.hasResolvers()) return builtinId(require('internal/modules/cjs_hooks').urlOfModule(filename));
  return builtinId(filename);
}

function loadFile(filename, parent, isMain, cacheKey) {
  channels.reportFile?.(filename);
  const module = new Module(filename, parent);
  if (isMain) {
    process.mainModule = module;
    setMain(module.require, module);
    module.id = '.';
  }
  module[kIsMainSymbol] = !!isMain;
  module[kIsCachedByESMLoader] = false;
  module[kURL] = hooks.hasResolvers() ? require('internal/modules/cjs_hooks').urlOfModule(filename) : undefined;
  module[kFormat] = hooks.hasResolvers() ? require('internal/modules/cjs_hooks').formatOfModule(filename) : undefined;
  Module._cache[filename] = module;
  if (cacheKey !== undefined) mapSet(resolvedFrom, cacheKey, filename);

  let isComplete = false;
  try {
    module.load(filename);
    isComplete = true;
  } finally {
    if (isComplete) finishExports(module);
    else forget(module, filename, parent, cacheKey);
  }
  return module.exports;
}

// A file that throws leaves no trace, so that it can be required again.
function forget(module, filename, parent, cacheKey) {
  delete Module._cache[filename];
  if (cacheKey === undefined) return;
  mapDelete(resolvedFrom, cacheKey);
  const { children } = parent;
  const index = isArray(children) ? arrayIndexOf(children, module) : -1;
  if (index !== -1) arraySplice(children, index, 1);
}

/** Whether the times that it takes to load modules are printed. */
let showsTimes = false;

// Tells of the time that it takes to load a module.
function loadTimed(request, parent, isMain) {
  const isTraced = tracing.modules;
  if (isTraced) traceModule('b', request);
  const print = showsTimes ? require('internal/modules/timer').begin(request, parent) : undefined;
  try {
    return wrapModuleLoad(request, parent, isMain, true);
  } finally {
    if (isTraced) traceModule('e', request);
    print?.();
  }
}

function wrapModuleLoad(request, parent, isMain, isTimed = false) {
  if ((tracing.modules || showsTimes) && !isTimed) return loadTimed(request, parent, isMain);
  const traced = channels.require;
  if (traced?.hasSubscribers) {
    const context = { __proto__: null, parentFilename: parent?.filename, id: request };
    return traced.traceSync(Module._load, context, Module, request, parent, isMain);
  }
  return Module._load(request, parent, isMain);
}

/**
 * Loads the file `filename` into this module.
 * @param {string} filename
 */
Module.prototype.load = function (filename) {
  if (this.loaded) throw new ERR_INTERNAL_ASSERTION();
  this.filename ??= filename;
  this.paths ??= Module._nodeModulePaths(dirname(filename));
  Module._extensions[resolution.findLongestRegisteredExtension(filename)](this, filename);
  this.loaded = true;
  weakMapSet(loadedExports, this, this.exports);
};

/**
 * @param {string} id
 * @returns {unknown} the exports of the module that `id` names for this one
 */
Module.prototype.require = function (id) {
  validateString(id, 'id');
  if (id === '') throw new ERR_INVALID_ARG_VALUE('id', id, 'must be a non-empty string');
  if (depth++ === 0) resolution.rememberStats();
  try {
    return wrapModuleLoad(id, this, false);
  } finally {
    if (--depth === 0) resolution.forgetStats();
  }
};

/**
 * @param {string} content
 * @returns {string} without byte order mark; V8 skips a `#!` line by itself
 */
function stripShebangOrBOM(content) {
  return charCodeAt(content, 0) === 0xfeff ? slice(content, 1) : content;
}

function mayRequireESM() {
  return getOptionValue('--require-module') !== false && getOptionValue('--experimental-require-module') !== false;
}

// What to make of a file that V8 refuses: undefined for a mistake, 'module' for an ECMAScript module.
function formatAfterMistake(error, filename, content, format, isMain) {
  if (format !== undefined && format !== 'commonjs') return undefined;
  if (!binding.needsModuleSyntax(content, filename, error.message)) return undefined;
  const isDetected = format === undefined && getOptionValue('--experimental-detect-module') !== false;
  if (isDetected && (isMain || mayRequireESM())) return 'module';
  warnOfModule(filename);
  return undefined;
}

function warnOfModule(filename) {
  require('internal/process/warning').emitWarningSync(
    `Failed to load the ES module: ${filename}. Make sure to set "type": "module" in the nearest ` +
      'package.json file or use the .mjs extension.'
  );
}

/**
 * Warns where a text that V8 has refused is an ECMAScript module.
 * @param {Error} error what V8 has said
 * @param {string} filename
 * @param {string} content
 */
function warnOfModuleSyntax(error, filename, content) {
  if (binding.needsModuleSyntax(content, filename, error.message)) warnOfModule(filename);
}

function wrapSafe(filename, content) {
  if (!isPatched) {
    const cache = usedCompileCache();
    return cache === undefined ? binding.compileFunction(content, filename) : cache.compileFunction(content, filename);
  }
  return binding.runInThisContext(Module.wrap(content), filename);
}

/**
 * Compiles a file that is not to run.
 * @param {string} filename
 * @param {string} content
 * @throws {SyntaxError}
 */
function checkSyntax(filename, content) {
  if (isPatched) binding.runInThisContext(Module.wrap(content), filename, true);
  else binding.compileFunction(content, filename);
}

const rememberSourceMap = (filename, content, wrapper, module) =>
  require('internal/source_map/cache').remember(filename, content, binding.sourceMapUrl(wrapper), module);

/**
 * Runs `content` as the body of this module.
 * @param {string} content
 * @param {string} filename
 * @param {string} [format] 'commonjs' or 'module', 'typescript' or one of these with `-typescript`; undefined
 *   where only the text can tell
 * @returns {unknown} what it returns
 */
Module.prototype._compile = function (content, filename, format) {
  if (format !== undefined && endsWith(format, 'typescript')) {
    content = stripTypes(this, content, filename, format);
    format = this[kFormat];
  }
  if (format === 'module') return loadESMFromCJS(this, filename, content);
  let compiledWrapper;
  try {
    compiledWrapper = wrapSafe(filename, content);
  } catch (error) {
    if (formatAfterMistake(error, filename, content, format, this[kIsMainSymbol]) === undefined) throw error;
    this[kFormat] = 'module';
    return loadESMFromCJS(this, filename, content, true);
  }
  if (keptMaps.maps) rememberSourceMap(filename, content, compiledWrapper, this);
  const require = makeRequireFunction(Module, this);
  const { exports } = this;
  const isOutermost = depth === 0;
  if (isOutermost) resolution.rememberStats();
  this[kIsExecuting] = true;
  try {
    const args = [exports, require, this, filename, dirname(filename)];
    if (pause.isDue && this[kIsMainSymbol]) pause.now();
    return apply(compiledWrapper, exports, args);
  } finally {
    this[kIsExecuting] = false;
    if (isOutermost) resolution.forgetStats();
  }
};

// What package.json and the extension say of a file: undefined where they say nothing.
function formatOf(filename) {
  if (endsWith(filename, '.cjs')) return 'commonjs';
  if (endsWith(filename, '.mjs')) return 'module';
  const isTypescript = endsWith(filename, 'ts') && process.features.typescript !== false;
  if (isTypescript && endsWith(filename, '.mts')) return 'module-typescript';
  if (isTypescript && endsWith(filename, '.cts')) return 'commonjs-typescript';
  if (isTypescript && endsWith(filename, '.ts')) {
    const type = findScope(filename)?.type;
    return type === undefined || type === 'none' ? 'typescript' : `${type}-typescript`;
  }
  if (!endsWith(filename, '.js') && extname(filename) !== '') return undefined;
  const type = binding.scopeType(filename) ?? findScope(filename)?.type;
  return type === undefined || type === 'none' ? undefined : type;
}

// Takes the types out of a file, and then knows its format.
function stripTypes(module, content, filename, format) {
  const { formatWithoutTypes, stripFile } = require('internal/modules/typescript');
  const stripped = formatWithoutTypes(format);
  if (stripped === undefined) return content;
  module[kFormat] = stripped === '' ? undefined : stripped;
  const url = require('internal/modules/esm/resolve').urlOf(filename);
  return `${stripFile(content, filename)}\n\n//# sourceURL=${url}`;
}

/**
 * Loads an ECMAScript module in the place of a CommonJS one.
 * @param {Module} module
 * @param {string} filename
 * @param {string} source
 * @param {boolean} [wasDetected] whether only its text shows what it is
 */
function loadESMFromCJS(module, filename, source, wasDetected = false) {
  const esm = require('internal/modules/esm/from_commonjs');
  if (module[kIsMainSymbol]) {
    if (wasDetected) require('internal/modules/esm/typeless').warn(filename);
    process.mainModule = undefined;
    require('internal/modules/esm/main').runMain(filename, source, wasDetected);
    return;
  }
  const traced = getOptionValue('--trace-require-module');
  if (traced !== undefined) esm.warnOfRequire(filename, weakMapGet(parents, module), traced);
  module.exports = esm.requireModule(module, filename, weakMapGet(parents, module), source, wasDetected);
}

/** Texts that the loader of ECMAScript modules has read of files that are about to be loaded here. */
const prepared = create(null);

function readSource(filename) {
  const source = prepared[filename];
  if (source === undefined) return readTextFile(filename);
  delete prepared[filename];
  return source;
}

/** Runs a text that has a URL but is no file. */
function runVirtual(url, source) {
  const module = new Module(url);
  module.filename = url;
  module.paths = [];
  delete prepared[url];
  module._compile(source, url, 'commonjs');
  module.loaded = true;
  return module.exports;
}

/**
 * Loads a file that an ECMAScript module imports.
 * @param {string} filename
 * @param {string | undefined} source its text, where that has been read
 * @param {boolean} isMain
 * @returns {unknown} the exports
 */
function loadForImport(filename, source, isMain) {
  if (source !== undefined && Module._cache[filename] === undefined) prepared[filename] = source;
  if (filename[0] !== '/' && source !== undefined) return runVirtual(filename, source);
  try {
    const known = Module._cache[filename];
    let exports;
    if (hooks.hasResolvers()) {
      // They have been asked already.
      if (known === undefined) return loadFile(filename, undefined, isMain);
      exports = exportsOf(known, undefined);
    } else {
      exports = wrapModuleLoad(filename, isMain ? null : undefined, isMain);
    }
    const module = Module._cache[filename];
    return module !== undefined && weakMapHas(loadedExports, module) ? weakMapGet(loadedExports, module) : exports;
  } finally {
    delete prepared[filename];
  }
}

/**
 * @param {string} extension
 * @param {(module: Module, filename: string) => void} load
 */
function register(extension, load) {
  Module._extensions[extension] = load;
}

/** The text of a file and its format, as hooks have them. */
function loadSource(module, filename, format) {
  if (!hooks.hasLoaders() || prepared[filename] !== undefined) {
    module[kFormat] = format;
    return readSource(filename);
  }
  const loaded = require('internal/modules/cjs_hooks').load(filename, module[kFormat] ?? format);
  module[kFormat] = loaded.format;
  return loaded.source;
}

register('.js', function (module, filename) {
  const content = loadSource(module, filename, formatOf(filename));
  const format = module[kFormat];
  if (format === 'json') {
    module.exports = parse(stripShebangOrBOM(content));
    return;
  }
  if ((format === 'module' || format === 'module-typescript') && !module[kIsMainSymbol] && !mayRequireESM()) {
    const text = format === 'module' ? content : require('internal/modules/typescript').strip(content, filename);
    throw require('internal/modules/esm/from_commonjs').requireRefused(module, filename, text);
  }
  module._compile(stripShebangOrBOM(content), filename, format);
});

register('.json', function (module, filename) {
  const content = loadSource(module, filename, 'json');
  try {
    defineProperty(module, 'exports', {
      __proto__: null,
      value: parse(stripShebangOrBOM(content)),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } catch (err) {
    err.message = `${filename}: ${err.message}`;
    throw err;
  }
});

register('.node', function (module, filename) {
  return process.dlopen(module, toNamespacedPath(filename));
});

/**
 * @param {string | URL} filename a file or folder, absolute or as a `file:` URL
 * @returns {NodeJS.Require} a `require` as that file would have it
 */
Module.createRequire = function (filename) {
  return createRequire(Module, filename);
};
defineProperty(Module.createRequire, 'name', { __proto__: null, value: 'createRequire', configurable: true });

/**
 * Loads the modules of `--require`.
 * @param {string[]} requests
 */
Module._preloadModules = function (requests) {
  if (!isArray(requests)) return;
  isPreloading = true;
  const parent = new Module('internal/preload', null);
  try {
    parent.paths = Module._nodeModulePaths(process.cwd());
  } catch (error) {
    // Without a working directory, modules may still be given by absolute paths.
    if (error.code !== 'ENOENT') {
      isPreloading = false;
      throw error;
    }
  }
  for (let i = 0; i < requests.length; i++) apply(Module.prototype.require, parent, [requests[i]]);
  isPreloading = false;
};

Module.Module = Module;

function setBuiltinModules(value) {
  defineProperty(Module, 'builtinModules', {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

defineProperty(Module, 'builtinModules', {
  __proto__: null,
  get() {
    setBuiltinModules(Object.freeze(builtinModules()));
    return Module.builtinModules;
  },
  set: setBuiltinModules,
  enumerable: true,
  configurable: true,
});

function resolveMainPath(main) {
  const file = Module._findPath(resolve(main), null, true);
  if (!file) return undefined;
  return getOptionValue('--preserve-symlinks-main') === true ? file : toRealPath(file);
}

/** Whether the loader of ECMAScript modules begins: for its own files, and where it is asked for. */
function needsESMLoader(file) {
  if (getOptionValue('--import')?.length > 0 || getOptionValue('--experimental-loader')?.length > 0) return true;
  if (file === undefined) return false;
  if (endsWith(file, '.mjs') || endsWith(file, '.wasm')) return true;
  if (endsWith(file, '.mts')) return process.features.typescript !== false;
  return !endsWith(file, '.cjs') && !endsWith(file, '.cts') && findScope(file)?.type === 'module';
}

/**
 * Runs the program named on the command line. Preloaded modules may put a function of their own in its place.
 * @param {string} main absolute
 */
Module.runMain = function executeUserEntryPoint(main = process.argv[1]) {
  const file = resolveMainPath(main);
  if (needsESMLoader(file)) require('internal/modules/esm/main').runMain(file ?? main);
  else wrapModuleLoad(main, null, true);
};

/** Reads what only the process knows of where modules are. */
function prepare() {
  Module._initPaths();
  showsTimes = process.env.NODE_DEBUG !== undefined && require('internal/modules/timer').isAskedFor();
}

/**
 * @param {string} folder
 * @param {string} name '[eval]' or '[stdin]'
 * @returns {Module} for a program that is no file
 */
function makeContextifyModule(folder, name) {
  const module = new Module(name);
  module.filename = join(folder, name);
  module.paths = Module._nodeModulePaths(folder);
  module[kIsExecuting] = false;
  return module;
}

module.exports = {
  checkSyntax,
  formatOf,
  loadForImport,
  makeContextifyModule,
  makeRequireFunction: (module) => makeRequireFunction(Module, module),
  Module,
  preload: (requests) => Module._preloadModules(requests),
  prepare,
  resolveForCJSWithHooks,
  stripShebangOrBOM,
  useCompileCache,
  usedCompileCache,
  warnOfModuleSyntax,
};
