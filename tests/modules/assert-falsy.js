// The message of `assert.ok(x)` quotes the call.
'use strict';

const assert = require('node:assert');
const { ok } = assert;
const nested = { assert, list: [assert], get: () => assert };

function quotes(fn, text) {
  assert.throws(fn, {
    name: 'AssertionError',
    message: `The expression evaluated to a falsy value:\n\n  ${text}\n`,
    actual: 0,
    expected: true,
    operator: '==',
    generatedMessage: true,
  });
}

quotes(() => assert(0), 'assert(0)');
quotes(() => assert.ok(0), 'assert.ok(0)');
quotes(() => ok(0), 'ok(0)');
quotes(() => assert.strict.ok(0, undefined), 'assert.strict.ok(0, undefined)');
quotes(() => assert.ok.call(null, 0), 'assert.ok.call(null, 0)');
quotes(() => { if (assert.ok(0)) return 1; return 2; }, 'assert.ok(0)');
quotes(() => nested.list[0].ok(0), 'nested.list[0].ok(0)');
quotes(() => nested['assert']["ok"](0), 'nested[\'assert\']["ok"](0)');
quotes(() => nested.assert?.ok?.(0), 'nested.assert?.ok?.(0)');
quotes(() => nested.get().ok(0), 'ok(0)');
quotes(() => nested.get()(0), '(0)');
quotes(() => { assert.ok(1); assert.ok((() => 0)()); assert.ok(1); }, 'assert.ok((() => 0)())');

// What looks like the end of the call.
quotes(() => assert.ok(0 && ')'), "assert.ok(0 && ')')");
quotes(() => assert.ok(0 && `${')'})`), "assert.ok(0 && `${')'})`)");
quotes(() => assert.ok(0 && /[)/]\)/), 'assert.ok(0 && /[)/]\\)/)');
quotes(() => assert.ok(0 && (4 / 2 / 1)), 'assert.ok(0 && (4 / 2 / 1))');
quotes(() => assert.ok(0 /* ) */), 'assert.ok(0 /* ) */)');

// A call of several lines is quoted as far as its first.
quotes(() => assert.ok(
  0,
), 'assert.ok(');
quotes(() => assert
  .ok(0), 'ok(0)');

// Code that is in no file.
quotes(() => new Function('assert', 'assert.ok(0)')(assert), 'assert.ok(0)');
quotes(() => eval('1;\n  assert(0)'), 'assert(0)');

// No stack is needed for it.
const limit = Error.stackTraceLimit;
Error.stackTraceLimit = 0;
quotes(() => assert.ok(0), 'assert.ok(0)');
assert.strictEqual(Error.stackTraceLimit, 0);
Error.stackTraceLimit = limit;
