// Flags: --experimental-vm-modules
// The module classes of `node:vm`: their life, their contexts and what `import()` gives them.
'use strict';

const assert = require('node:assert');
const { inspect } = require('node:util');
const vm = require('node:vm');

const { Module, SourceTextModule, SyntheticModule } = vm;

async function linksByItself() {
  const leaf = new SourceTextModule('export const n = 20;', { identifier: 'leaf' });
  const root = new SourceTextModule('import { n } from "leaf"; export default n + 1;', { identifier: 'root' });
  assert.throws(() => root.instantiate(), { code: 'ERR_VM_MODULE_LINK_FAILURE', message: 'module is not linked' });
  root.linkRequests([leaf]);
  assert.strictEqual(root.status, 'unlinked');
  root.instantiate();
  assert.deepStrictEqual([root.status, leaf.status], ['linked', 'linked']);
  assert.strictEqual(inspect(root.evaluate()), 'Promise { undefined }');
  assert.strictEqual(root.namespace.default, 21);
  assert.throws(() => root.linkRequests([leaf]), { message: 'Module status must be unlinked' });
}

async function runsInContext() {
  const context = vm.createContext({ seen: [] });
  const synthetic = new SyntheticModule(['value'], () => synthetic.setExport('value', 7), { context });
  const module = new SourceTextModule('import { value } from "s"; seen.push(value); export const list = [];', {
    context,
  });
  await module.link(async () => synthetic);
  await module.evaluate();
  assert.strictEqual(context.seen[0], 7);
  assert.strictEqual(module.namespace.list instanceof Array, false);
  assert.deepStrictEqual([synthetic.identifier, module.identifier], ['vm:module(0)', 'vm:module(1)']);
  const stranger = new SourceTextModule('import "s"');
  await assert.rejects(stranger.link(() => synthetic), { code: 'ERR_VM_MODULE_DIFFERENT_CONTEXT' });
  assert.strictEqual(stranger.status, 'errored');
}

async function endsInTime() {
  const endless = new SourceTextModule('for (;;);');
  await endless.link(() => {});
  await assert.rejects(endless.evaluate({ timeout: 20 }), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
  assert.strictEqual(endless.status, 'errored');
  await assert.rejects(Module.prototype.evaluate(), { code: 'ERR_INVALID_THIS' });
}

async function importsByCallback() {
  const target = new SyntheticModule([], () => {});
  const module = new SourceTextModule('export default await import("x"); export const { name } = import.meta;', {
    importModuleDynamically: () => target,
    initializeImportMeta(meta, owner) {
      meta.name = owner.identifier;
    },
    identifier: 'me',
  });
  await module.link(() => {});
  assert.deepStrictEqual([module.hasTopLevelAwait(), module.hasAsyncGraph()], [true, true]);
  await module.evaluate();
  assert.strictEqual(module.namespace.default, target.namespace);
  assert.strictEqual(module.namespace.name, 'me');
}

let done = 0;
for (const test of [linksByItself, runsInContext, endsInTime, importsByCallback]) {
  test().then(() => done++);
}
process.on('exit', () => assert.strictEqual(done, 4));
