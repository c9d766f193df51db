// `node:domain`: errors of emitters and callbacks go to the domain that they belong to.
'use strict';

const assert = require('node:assert');
const EventEmitter = require('node:events');
const domain = require('node:domain');

// Emitters that are made in a domain, or added to it, hand it their errors.
{
  const d = domain.create();
  const errors = [];
  d.on('error', (error) => errors.push(error));
  const inside = d.run(() => new EventEmitter());
  const added = new EventEmitter();
  d.add(added);
  assert.strictEqual(inside.domain, d);
  assert.deepStrictEqual(d.members, [added]);
  inside.emit('error', new Error('a'));
  added.emit('error', new Error('b'));
  d.remove(added);
  assert.throws(() => added.emit('error', new Error('c')), { message: 'c' });
  assert.deepStrictEqual(errors.map((error) => error.message), ['a', 'b']);
  assert.strictEqual(errors[0].domainEmitter, inside);
  assert.strictEqual(errors[0].domain, d);
  assert.strictEqual(errors[0].domainThrown, false);
  added.domain = d;
  added.on('event', () => assert.strictEqual(process.domain, d));
  assert.strictEqual(added.emit('event'), true);
}

// Entering and leaving.
{
  const a = domain.create();
  const b = domain.create();
  a.enter();
  b.enter();
  a.enter();
  assert.strictEqual(domain._stack.length, 3);
  b.exit();
  assert.deepStrictEqual([domain._stack.length, process.domain === a, domain.active === a], [1, true, true]);
  a.exit();
  assert.strictEqual(domain._stack.length, 0);
}

// Functions of a domain.
{
  const d = domain.create();
  const got = [];
  d.on('error', (error) => got.push(error.message));
  assert.strictEqual(d.bind((x) => x + (process.domain === d))(1), 2);
  assert.strictEqual(d.intercept((x) => x)(null, 5), 5);
  assert.strictEqual(d.intercept(() => {})(new Error('intercepted')), undefined);
  assert.deepStrictEqual(got, ['intercepted']);
}

// The domain follows asynchronous work and takes what it throws, one after the other.
{
  const d = domain.create();
  const seen = [];
  d.on('error', (error) => {
    assert.strictEqual(error.domainThrown, true);
    seen.push(error.message);
  });
  d.run(() => {
    process.nextTick(() => { throw new Error('tick'); });
    setTimeout(() => { throw new Error('timer'); }, 1);
    setImmediate(() => {
      assert.strictEqual(process.domain, d);
      assert.strictEqual(domain._stack.length, 1);
    });
    Promise.resolve().then(() => assert.strictEqual(process.domain, d));
    require('node:fs').stat('.', () => { throw new Error('stat'); });
  });
  process.on('exit', () => assert.deepStrictEqual(seen.sort(), ['stat', 'tick', 'timer']));
}

// A handler that throws hands its error to the domain around it.
setTimeout(() => {
  const outer = domain.create();
  const inner = domain.create();
  const seen = [];
  outer.on('error', (error) => seen.push(error.message));
  inner.on('error', () => { throw new Error('from the handler'); });
  process.on('exit', () => assert.deepStrictEqual(seen, ['from the handler']));
  outer.run(() => inner.run(() => { throw new Error('first'); }));
}, 20);
