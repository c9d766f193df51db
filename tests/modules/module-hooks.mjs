// module.registerHooks: hooks for import and require, chains, and what they must return.
import assert from 'node:assert';
import { createRequire, registerHooks } from 'node:module';

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
