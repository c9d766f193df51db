// What makes the `stack` of errors: that of the error's own context, or else that of the program.
'use strict';

const assert = require('node:assert');
const vm = require('node:vm');

const OwnError = Error;
const initial = Error.prepareStackTrace;
const newContext = () => vm.createContext({});
const stackIn = (context, code = 'new Error("b").stack') => vm.runInContext(code, context);
const firstLine = (stack) => stack.split('\n')[0];

// A context that has none is served by the program's.
{
  let seen;
  Error.prepareStackTrace = function(error, callSites) {
    seen = { receiver: this, length: callSites.length, isCallSite: typeof callSites[0].getFileName === 'function' };
    return `made of ${error.message}`;
  };
  const context = newContext();
  assert.strictEqual(stackIn(context), 'made of b');
  assert.strictEqual(seen.receiver, OwnError);
  assert.strictEqual(seen.isCallSite, true);
  assert.ok(seen.length > 1);
  assert.match(stackIn(context, 'try { null.x } catch (error) { error.stack }'), /^made of Cannot read/);
  assert.strictEqual(stackIn(context, 'typeof Error.prepareStackTrace'), 'undefined');
  assert.strictEqual(new OwnError('a').stack, 'made of a');

  // Its own comes first, if it is a function.
  assert.strictEqual(
    stackIn(context, 'Error.prepareStackTrace = function() { return this === Error }; new Error("b").stack'), true);
  assert.strictEqual(stackIn(context, 'Error.prepareStackTrace = 5; new Error("b").stack'), 'made of b');
  assert.strictEqual(
    stackIn(newContext(), 'globalThis.Error = { prepareStackTrace: () => "object" }; new EvalError("b").stack'),
    'object');
  assert.strictEqual(stackIn(newContext(), 'delete globalThis.Error; new EvalError("b").stack'), 'made of b');
  assert.throws(() => stackIn(context, 'Error.prepareStackTrace = () => { throw new RangeError("inside") };' +
    'new Error("b").stack'), { name: 'RangeError', message: 'inside' });
}

// What is no function counts as none.
for (const value of [undefined, null, 7, initial]) {
  Error.prepareStackTrace = value;
  assert.strictEqual(firstLine(stackIn(newContext())), 'Error: b');
}
delete Error.prepareStackTrace;
assert.strictEqual(firstLine(stackIn(newContext())), 'Error: b');
assert.strictEqual(firstLine(new Error('a').stack), 'Error: a');

// One that throws.
Error.prepareStackTrace = () => { throw 'thrown'; };
assert.throws(() => stackIn(newContext()), (error) => error === 'thrown');

// A program that replaces `Error` is asked what its replacement does.
Error.prepareStackTrace = () => 'own';
globalThis.Error = { prepareStackTrace: () => 'replaced' };
assert.strictEqual(new OwnError('a').stack, 'replaced');
assert.strictEqual(stackIn(newContext()), 'own');
globalThis.Error = OwnError;
Error.prepareStackTrace = initial;
