// CommonJS: the class Module, from a request to the exports of a file. Resolution is in
// `internal/modules/resolve`.
'use strict';

const path = require('path');
const { codes: { ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_BUILTIN_MODULE } } = require('internal/errors');
const { validateString } = require('internal/validators');
const { isPublic, publicBuiltins, requireBuiltin } = require('internal/bootstrap/loader');
const { getOptionValue } = require('internal/options');
const resolve = require('internal/modules/resolve');
const binding = internalBinding('modules');

// Captured, so that a program that tampers with prototypes can still load modules.
const { apply } = Reflect;
const { defineProperty, create, setPrototypeOf, getPrototypeOf } = Object;
const { parse } = JSON;

const { kParent } = resolve;
const kIsMainSymbol = Symbol('kIsMainSymbol');

/** Files that were found, by the folder of who asked and the request. */
const resolvedFrom = create(null);

let depth = 0;
let isPreloading = false;

/** One loaded file, as Node's `module`. */
function Module(id = '', parent) {
  this.id = id;
  this.path = path.dirname(id);
  defineProperty(this, 'exports', { value: {}, writable: true, enumerable: true, configurable: true });
  defineProperty(this, kParent, { value: parent, writable: true, configurable: true });
  addChild(parent, this, false);
  this.filename = null;
  this.loaded = false;
  this.children = [];
}

function addChild(parent, child, isCached) {
  const children = parent?.children;
  if (children && !(isCached && children.includes(child))) children.push(child);
}

Module._cache = create(null);
Module._pathCache = create(null);
Module._extensions = create(null);
Module.globalPaths = [];
Module.Module = Module;

defineProperty(Module.prototype, 'parent', {
  configurable: true,
  get() {
    return this[kParent];
  },
  set(value) {
    this[kParent] = value;
  },
});
defineProperty(Module.prototype, 'isPreloading', {
  configurable: true,
  get: () => isPreloading,
});
defineProperty(Module.prototype, 'constructor', {
  configurable: true,
  enumerable: false,
  get: () => Module,
});

let wrapper = ['(function (exports, require, module, __filename, __dirname) { ', '\n});'];
let wrap = (script) => wrapper[0] + script + wrapper[1];
let isPatched = false;

defineProperty(Module, 'wrap', {
  enumerable: true,
  get: () => wrap,
  set(value) {
    isPatched = true;
    wrap = value;
  },
});
defineProperty(Module, 'wrapper', {
  enumerable: true,
  get() {
    return new Proxy(wrapper, {
      set(target, property, value, receiver) {
        isPatched = true;
        return Reflect.set(target, property, value, receiver);
      },
      defineProperty(target, property, descriptor) {
        isPatched = true;
        return Reflect.defineProperty(target, property, descriptor);
      },
    });
  },
  set(value) {
    isPatched = true;
    wrapper = value;
  },
});

Module.builtinModules = undefined;
defineProperty(Module, 'builtinModules', {
  configurable: true, enumerable: true,
  get() {
    const value = Object.freeze(publicBuiltins());
    defineProperty(Module, 'builtinModules', { value, configurable: true, enumerable: true, writable: true });
    return value;
  },
  set(value) {
    defineProperty(Module, 'builtinModules', { value, configurable: true, enumerable: true, writable: true });
  },
});

/** @returns {boolean} whether `id` names a built-in module */
Module.isBuiltin = function isBuiltin(id) {
  return typeof id === 'string' && isPublic(id.startsWith('node:') ? id.slice(5) : id);
};

resolve.install(Module);

/** A circular `require` sees unfinished exports: reading what is not there yet is worth a warning. */
const circularPrototype = new Proxy({}, {
  get(target, property) {
    if (property in target || property === '__esModule') return target[property];
    warnCircular(property);
    return undefined;
  },
  getOwnPropertyDescriptor(target, property) {
    if (Object.hasOwn(target, property) || property === '__esModule') {
      return Reflect.getOwnPropertyDescriptor(target, property);
    }
    warnCircular(property);
    return undefined;
  },
});

function warnCircular(property) {
  process.emitWarning(`Accessing non-existent property '${String(property)}' of module exports inside circular dependency`);
}

function circularExports(module) {
  const { exports } = module;
  const isPlain = exports !== null && typeof exports === 'object' && getPrototypeOf(exports) === Object.prototype &&
    !require('internal/util/types').isProxy(exports) && !exports.__esModule;
  if (isPlain) setPrototypeOf(exports, circularPrototype);
  return exports;
}

function loadBuiltin(id) {
  return requireBuiltin(id);
}

/**
 * @param {string} request
 * @param {Module} [parent]
 * @param {boolean} [isMain]
 * @returns {any} the exports
 */
Module._load = function(request, parent, isMain) {
  let cacheKey;
  if (parent) {
    cacheKey = `${parent.path}\0${request}`;
    const known = resolvedFrom[cacheKey];
    if (known !== undefined) {
      const cached = Module._cache[known];
      if (cached !== undefined) return fromCache(cached, parent);
      delete resolvedFrom[cacheKey];
    }
  }
  if (request.startsWith('node:')) {
    const id = request.slice(5);
    if (!isPublic(id)) throw new ERR_UNKNOWN_BUILTIN_MODULE(request);
    return loadBuiltin(id);
  }
  const filename = Module._resolveFilename(request, parent, isMain);
  const cached = Module._cache[filename];
  if (cached !== undefined) return fromCache(cached, parent);
  if (isPublic(filename)) return loadBuiltin(filename);
  if (filename.startsWith('node:') && isPublic(filename.slice(5))) return loadBuiltin(filename.slice(5));

  const module = new Module(filename, parent);
  if (isMain) {
    process.mainModule = module;
    module.id = '.';
    module[kIsMainSymbol] = true;
  }
  if (cacheKey !== undefined) resolvedFrom[cacheKey] = filename;
  Module._cache[filename] = module;
  loadOrForget(module, filename, cacheKey, parent);
  return module.exports;
};

function fromCache(cached, parent) {
  addChild(parent, cached, true);
  return cached.loaded ? cached.exports : circularExports(cached);
}

/** Loads a file; one that throws leaves no trace, so that it can be required again. */
function loadOrForget(module, filename, cacheKey, parent) {
  let complete = false;
  try {
    module.load(filename);
    complete = true;
  } finally {
    if (!complete) {
      delete Module._cache[filename];
      if (cacheKey !== undefined) delete resolvedFrom[cacheKey];
      const children = parent?.children;
      const index = Array.isArray(children) ? children.indexOf(module) : -1;
      if (index !== -1) children.splice(index, 1);
    } else {
      const { exports } = module;
      if (exports && typeof exports === 'object' && !require('internal/util/types').isProxy(exports) &&
          getPrototypeOf(exports) === circularPrototype) {
        setPrototypeOf(exports, Object.prototype);
      }
    }
  }
}

/** Loads the file `filename` into this module. */
Module.prototype.load = function(filename) {
  this.filename ??= filename;
  this.paths ??= Module._nodeModulePaths(path.dirname(filename));
  const extension = resolve.longestExtension(filename);
  if (path.extname(filename) === '.mjs' && !Module._extensions['.mjs']) throw resolve.esmError(filename);
  Module._extensions[extension](this, filename);
  this.loaded = true;
};

/**
 * @param {string} id
 * @returns {any} the exports
 */
Module.prototype.require = function(id) {
  validateString(id, 'id');
  if (id === '') throw new ERR_INVALID_ARG_VALUE('id', id, 'must be a non-empty string');
  depth++;
  try {
    return Module._load(id, this, false);
  } finally {
    depth--;
    if (depth === 0) resolve.forgetStats();
  }
};

/** @returns {string} the source without byte order mark; V8 skips a `#!` line by itself */
function stripShebangOrBOM(source) {
  return source.charCodeAt(0) === 0xFEFF ? source.slice(1) : source;
}

const esmMistakes = [
  'Cannot use import statement outside a module', "Unexpected token 'export'",
  "Cannot use 'import.meta' outside a module",
  'await is only valid in async functions and the top level bodies of modules',
];

/** What looks like an ECMAScript module by its syntax: Node would run some of those as such. */
function explain(error, content, filename) {
  if (!esmMistakes.includes(error.message) || !binding.isModuleSyntax(content)) return error;
  if (filename.endsWith('.js') && resolve.findScope(filename)?.type !== 'commonjs') return resolve.esmError(filename);
  const { emitWarningSync } = require('internal/process/warning');
  emitWarningSync(`Failed to load the ES module: ${filename}. Make sure to set "type": "module" in the nearest ` +
    'package.json file or use the .mjs extension.');
  return error;
}

function compile(content, filename) {
  if (!isPatched) {
    try {
      return binding.compileFunction(content, filename);
    } catch (error) {
      throw explain(error, content, filename);
    }
  }
  return binding.runInThisContext(wrap(content.startsWith('#!') ? `//${content}` : content), filename);
}

/** Runs `content` as the body of this module. */
Module.prototype._compile = function(content, filename) {
  const compiled = compile(content, filename);
  const require = makeRequireFunction(this);
  depth++;
  try {
    const { exports } = this;
    return apply(compiled, exports, [exports, require, this, filename, path.dirname(filename)]);
  } finally {
    depth--;
    if (depth === 0) resolve.forgetStats();
  }
};

Module._extensions['.js'] = function(module, filename) {
  const content = stripShebangOrBOM(binding.readTextFile(filename));
  if (resolve.isEsm(filename)) throw resolve.esmError(filename);
  module._compile(content, filename);
};

Module._extensions['.json'] = function(module, filename) {
  const content = binding.readTextFile(filename);
  try {
    module.exports = parse(stripShebangOrBOM(content));
  } catch (error) {
    error.message = `${filename}: ${error.message}`;
    throw error;
  }
};

Module._extensions['.node'] = function(module, filename) {
  return process.dlopen(module, path.toNamespacedPath(filename));
};

/**
 * @param {Module} module
 * @returns {Function} the `require` of that module
 */
function makeRequireFunction(module) {
  const require = function require(path) {
    return module.require(path);
  };
  require.resolve = function resolve(request, options) {
    validateString(request, 'request');
    return Module._resolveFilename(request, module, false, options);
  };
  require.resolve.paths = function paths(request) {
    validateString(request, 'request');
    return Module._resolveLookupPaths(request, module);
  };
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

/**
 * @param {string | URL} filename  a file or folder, absolute or as a `file:` URL
 * @returns {Function} a `require` as that file would have it
 */
Module.createRequire = function createRequire(filename) {
  const isUrl = typeof filename === 'object' && filename !== null && typeof filename.href === 'string';
  const isUrlText = typeof filename === 'string' && !path.isAbsolute(filename);
  const mistake = 'must be a file URL object, file URL string, or absolute path string';
  let file = filename;
  if (isUrl || isUrlText) {
    try {
      file = require('url').fileURLToPath(filename);
    } catch {
      throw new ERR_INVALID_ARG_VALUE('filename', filename, mistake);
    }
  } else if (typeof filename !== 'string') {
    throw new ERR_INVALID_ARG_VALUE('filename', filename, mistake);
  }
  const isFolder = file.endsWith('/') || (process.platform === 'win32' && file.endsWith('\\'));
  const proxied = isFolder ? path.join(file, 'noop.js') : file;
  const module = new Module(proxied);
  module.filename = proxied;
  module.paths = Module._nodeModulePaths(module.path);
  return makeRequireFunction(module);
};

/** Loads the modules of `--require`. */
Module._preloadModules = function(requests) {
  if (!Array.isArray(requests)) return;
  isPreloading = true;
  const parent = new Module('internal/preload', null);
  parent.paths = Module._nodeModulePaths(process.cwd());
  for (const request of requests) parent.require(request);
  isPreloading = false;
};

/** Gives the modules of a process what only it can know: where to look for them. */
function prepare() {
  Module._initPaths();
}

/** @returns {string} the file that the main script's name means */
function resolveMain(main) {
  const { toRealPath } = resolve;
  const file = Module._findPath(path.resolve(main), null, true);
  if (file && !getOptionValue('--preserve-symlinks-main')) return toRealPath(file);
  return file || path.resolve(main);
}

/** Runs the program that was named on the command line. */
function runMain(main = process.argv[1]) {
  if (main.startsWith('-')) {
    Module._load(main, null, true);
    return;
  }
  const file = resolveMain(main);
  process.argv[1] = path.resolve(main);
  Module._load(file, null, true);
}
Module.runMain = runMain;

/** A module for a program that is no file: `[eval]` or `[stdin]`. */
function makeContextifyModule(folder, name) {
  const module = new Module(name);
  module.filename = path.join(folder, name);
  module.paths = Module._nodeModulePaths(folder);
  return module;
}

module.exports = {
  Module,
  makeContextifyModule,
  makeRequireFunction,
  preload: Module._preloadModules,
  prepare,
  resolveMain,
  runMain,
  stripShebangOrBOM,
};
