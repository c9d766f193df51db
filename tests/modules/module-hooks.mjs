// module.registerHooks: hooks for import and require, chains, and what they must return.
import assert from 'node:assert';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

const seen = [];
const first = registerHooks({
  resolve(specifier, context, nextResolve) {
    seen.push('first');
    if (specifier.startsWith('virtual:')) return { url: specifier, format: 'module', shortCircuit: true };
    return nextResolve(specifier, context);
  },
  load(url, context, nextLoad) {
    if (!url.startsWith('virtual:')) return nextLoad(url, context);
    return { format: context.format, source: `export default ${JSON.stringify(url)}`, shortCircuit: true };
  },
});
const second = registerHooks({
  resolve(specifier, context, nextResolve) {
    seen.push('second');
    return nextResolve(specifier === 'renamed' ? 'virtual:renamed' : specifier, context);
  },
});

assert.strictEqual((await import('renamed')).default, 'virtual:renamed');
assert.deepStrictEqual(seen, ['second', 'first']);
assert.strictEqual(require('node:fs'), process.getBuiltinModule('fs'));
assert.strictEqual(seen.length, 4);
second.deregister();
second.deregister();
await assert.rejects(import('renamed'), { code: 'ERR_MODULE_NOT_FOUND' });
first.deregister();
await assert.rejects(import('virtual:x'), { code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME' });

const refused = async (hooks, expected) => {
  const handle = registerHooks(hooks);
  await assert.rejects(import('anything'), expected);
  handle.deregister();
};
await refused({ resolve: () => ({ url: 'virtual:a' }) }, { code: 'ERR_INVALID_RETURN_PROPERTY_VALUE' });
await refused({ resolve: () => ({ shortCircuit: true }) }, { code: 'ERR_INVALID_RETURN_PROPERTY_VALUE' });
await refused(
  {
    resolve: () => ({ url: 'virtual:a', shortCircuit: true }),
    load: () => ({ format: 'module', source: 1, shortCircuit: true }),
  },
  { code: 'ERR_INVALID_RETURN_PROPERTY_VALUE' }
);
assert.throws(() => registerHooks({ resolve: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });

// What the loader finds keeps its name; what a hook gives loses `node:`
const redirecting = registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === 'elsewhere') return { url: 'node:path', shortCircuit: true };
    return nextResolve(specifier, context);
  },
});
assert.strictEqual(require.resolve('fs'), 'fs');
assert.strictEqual(require.resolve('node:fs'), 'node:fs');
assert.strictEqual(require.resolve('elsewhere'), 'path');
assert.strictEqual(require('elsewhere'), process.getBuiltinModule('path'));
const own = './module-hooks.mjs';
assert.strictEqual(require.resolve(own, { paths: [import.meta.dirname] }), import.meta.filename);
redirecting.deregister();

// Conditions are the hooks' to change
const folder = mkdtempSync(join(tmpdir(), 'hooks-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'node_modules/pack'), { recursive: true });
for (const name of ['own', 'default']) writeFileSync(join(folder, `node_modules/pack/${name}.js`), `exports.is = '${name}'`);
const targets = { own: './own.js', default: './default.js' };
const manifest = { exports: { './a': targets, './b': targets, './c': targets } };
writeFileSync(join(folder, 'node_modules/pack/package.json'), JSON.stringify(manifest));
writeFileSync(join(folder, 'importer.mjs'), 'export default (specifier) => import(specifier);');
const url = `${pathToFileURL(join(folder, 'importer.mjs'))}?query`;
const { default: importFrom } = await import(url);
const requireFrom = createRequire(url);
const withConditions = async (conditions, check) => {
  const parents = new Set();
  const handle = registerHooks({
    resolve(specifier, context, nextResolve) {
      parents.add(context.parentURL);
      return nextResolve(specifier, { ...context, conditions });
    },
  });
  await check();
  handle.deregister();
  assert.deepStrictEqual([...parents], [url]);
};
assert.strictEqual(requireFrom('pack/a').is, 'default');
await withConditions(['own'], async () => {
  assert.strictEqual(requireFrom('pack/b').is, 'own');
  assert.strictEqual(requireFrom.resolve('pack/b'), join(realpathSync(folder), 'node_modules/pack/own.js'));
  assert.strictEqual((await importFrom('pack/b')).is, 'own');
});
await withConditions(undefined, async () => {
  assert.strictEqual(requireFrom('pack/c').is, 'default');
  assert.strictEqual((await importFrom('pack/c')).is, 'default');
});
await withConditions('own', async () => {
  const expected = {
    code: 'ERR_INVALID_ARG_VALUE',
    message: "The property 'context.conditions' expected an array. Received 'own'",
  };
  assert.throws(() => requireFrom('pack/d'), expected);
  const message = "The argument 'conditions' expected an array. Received 'own'";
  await assert.rejects(importFrom('pack/d'), { ...expected, message });
});

// A built-in module that a hook has read gives way, after one question
let asked = 0;
const replacing = registerHooks({
  load(subject, context, nextLoad) {
    asked++;
    if (subject !== 'node:querystring') return nextLoad(subject, context);
    return { format: 'commonjs', source: 'exports.isReplaced = true', shortCircuit: true };
  },
});
assert.deepStrictEqual(require('querystring'), { isReplaced: true });
assert.strictEqual(asked, 1);
assert.strictEqual(require('node:fs'), process.getBuiltinModule('fs'));
replacing.deregister();

// What has been loaded is listed
assert(process.moduleLoadList.includes('NativeModule path'));
assert(!process.moduleLoadList.includes('NativeModule repl'));
assert(process.moduleLoadList.some((name) => name.startsWith('Internal Binding ')));
