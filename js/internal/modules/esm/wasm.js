// WebAssembly as ECMAScript modules: a module of text stands for the instance, so that its imports are linked as
// those of any other; `import source` gives the compiled module.
'use strict';

const { startsWith } = require('internal/captured');
const binding = internalBinding('module_wrap');

const BUILTINS = { builtins: ['js-string'], importedStringConstants: 'wasm:js/string-constants' };

/** The exports of instances by the namespace of their module: what one instance takes from another. */
const instances = new WeakMap();

let wasWarned = false;

function warn() {
  if (wasWarned) return;
  wasWarned = true;
  require('internal/util').emitExperimentalWarning('Importing WebAssembly module instances');
}

function checkName(kind, name, url) {
  if (startsWith(name, 'wasm:') || startsWith(name, 'wasm-js:')) {
    throw new WebAssembly.LinkError(`Invalid Wasm ${kind} name "${name}" in ${url}`);
  }
}

function compile(bytes, url) {
  try {
    return new WebAssembly.Module(bytes, BUILTINS);
  } catch (error) {
    error.message = `${url}: ${error.message}`;
    throw error;
  }
}

/** The modules that `source` imports, each once. */
function importedModules(source, url) {
  const names = new Set();
  for (const { module, name } of WebAssembly.Module.imports(source)) {
    if (startsWith(module, 'wasm-js:')) {
      throw new WebAssembly.LinkError(`Invalid Wasm import "${module}" in ${url}`);
    }
    checkName('import', name, url);
    names.add(module);
  }
  return [...names];
}

function exportedNames(source, url) {
  return WebAssembly.Module.exports(source).map(({ name }) => {
    checkName('export', name, url);
    return name;
  });
}

function textOf(imports, exports) {
  const lines = imports.map((name, i) => `import * as $import${i} from ${JSON.stringify(name)};`);
  const namespaces = imports.map((name, i) => `$import${i}`).join(', ');
  const variables = exports.map((name, i) => `$export${i}`).join(', ');
  lines.push(`const [${variables}] = import.meta.instantiate([${namespaces}]);`);
  const clauses = exports.map((name, i) => `$export${i} as ${JSON.stringify(name)}`);
  lines.push(`export { ${clauses.join(', ')} };`);
  return lines.join('\n');
}

function valueOf(exported) {
  if (!(exported instanceof WebAssembly.Global)) return exported;
  try {
    return exported.value;
  } catch {
    // A vector has no value in JavaScript.
    return undefined;
  }
}

/**
 * @param {ModuleRecord} record
 * @param {Uint8Array} bytes
 * @returns {object} V8's module
 */
function translate(record, bytes) {
  const { url } = record;
  const source = compile(bytes, url);
  record.source = source;
  const imports = importedModules(source, url);
  const exports = exportedNames(source, url);
  const wrap = binding.compile(textOf(imports, exports), url);
  record.initializeImportMeta = (meta) => {
    meta.instantiate = (namespaces) => {
      warn();
      const given = { __proto__: null };
      for (let i = 0; i < imports.length; i++) given[imports[i]] = instances.get(namespaces[i]) ?? namespaces[i];
      const instance = new WebAssembly.Instance(source, given);
      instances.set(binding.namespace(wrap), instance.exports);
      return exports.map((name) => valueOf(instance.exports[name]));
    };
  };
  return wrap;
}

module.exports = { translate };
