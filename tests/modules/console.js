// The global console and `Console`: streams, groups, counters, timers, errors of streams.
'use strict';

const assert = require('node:assert');
const { Console } = require('node:console');
const { Writable } = require('node:stream');
const { inspect } = require('node:util');

function collect(options) {
  const lines = { out: [], err: [] };
  const stream = (list) => new Writable({
    decodeStrings: false,
    write(chunk, encoding, callback) {
      list.push(chunk);
      callback();
    },
  });
  const made = new Console({ stdout: stream(lines.out), stderr: stream(lines.err), ...options });
  return { made, ...lines };
}

// The global object.
assert.strictEqual(require('node:console'), globalThis.console);
assert.ok(console instanceof Console);
assert.ok(!({} instanceof Console));
assert.strictEqual(String(console), '[object console]');
assert.deepStrictEqual(Object.keys(console), [
  'log', 'info', 'debug', 'warn', 'error', 'dir', 'time', 'timeEnd', 'timeLog', 'trace', 'assert', 'clear',
  'count',
  'countReset', 'group', 'groupEnd', 'table', 'dirxml', 'groupCollapsed', 'Console', 'profile', 'profileEnd',
  'timeStamp', 'context', 'createTask',
]);
for (const name of Object.keys(Console.prototype)) {
  assert.strictEqual(console[name].name, name);
  assert.strictEqual(console[name].length, 0);
  assert.throws(() => new console[name](), TypeError);
}
assert.strictEqual(console.profile(), undefined);
assert.strictEqual(console.profileEnd(), undefined);
assert.strictEqual(console.timeStamp('now'), undefined);
assert.strictEqual(console.createTask('work').run(() => 5), 5);
assert.throws(() => console.createTask(''), { message: 'First argument must be a non-empty string.' });

// A patched write of a standard stream sees the lines, also after lines that needed no stream.
console.log('before the stream is asked for');
const written = [];
for (const name of ['stdout', 'stderr']) {
  const { write } = process[name];
  process[name].write = (chunk) => written.push(`${name} ${chunk}`);
  console.log('%s line', 'one');
  console.error({ a: 1 });
  process[name].write = write;
}
assert.deepStrictEqual(written, ['stdout one line\n', 'stderr { a: 1 }\n']);

// A replaced method is used by those that are built on it.
const { log } = console;
const logged = [];
console.log = (...args) => logged.push(args);
console.table('text');
console.count('replaced');
console.log = log;
assert.deepStrictEqual(logged, [['text'], ['replaced: 1']]);

// Streams can be given to the global console.
{
  const lines = [];
  const { _stdout: original } = console;
  console._stdout = new Writable({ write(chunk, encoding,
    callback) { lines.push(String(chunk)); callback(); } });
  console.log('elsewhere');
  console._stdout = original;
  assert.deepStrictEqual(lines, ['elsewhere\n']);
  assert.strictEqual(console._stdout, process.stdout);
}

// Which stream a method writes to.
{
  const { made, out, err } = collect();
  for (const name of ['log', 'info', 'debug', 'dirxml']) made[name]('%s', name, [1]);
  for (const name of ['warn', 'error']) made[name](name);
  assert.deepStrictEqual(out, ['log [ 1 ]\n', 'info [ 1 ]\n', 'debug [ 1 ]\n', 'dirxml [ 1 ]\n']);
  assert.deepStrictEqual(err, ['warn\n', 'error\n']);
  made.dir({ [inspect.custom]: () => 'custom', a: { b: {} } }, { depth: 0 });
  assert.match(out.at(-1), /^\{\n {2}a: \[Object\]/);
  made.trace('at %s', 'once');
  assert.match(err.at(-1), /^Trace: at once\n {4}at .*console\.js/);
}

// Assertions.
{
  const { made, err } = collect();
  made.assert(true, 'silent');
  made.assert(false);
  made.assert(0, 'with %d', 5);
  made.assert(null, { a: 1 });
  assert.deepStrictEqual(err,
    ['Assertion failed\n', 'Assertion failed: with 5\n', 'Assertion failed { a: 1 }\n']);
}

// Groups.
{
  const { made, out, err } = collect({ groupIndentation: 3 });
  made.group('label', 1);
  made.log('two\nlines');
  made.groupCollapsed();
  made.error('deeper');
  made.groupEnd();
  made.groupEnd();
  made.groupEnd();
  made.log('out');
  assert.deepStrictEqual(out, ['label 1\n', '   two\n   lines\n', 'out\n']);
  assert.deepStrictEqual(err, ['      deeper\n']);
}
assert.throws(() => collect({ groupIndentation: 1001 }), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => collect({ groupIndentation: '2' }), { code: 'ERR_INVALID_ARG_TYPE' });

// Counters and timers, with their warnings.
{
  const { made, out } = collect();
  const warnings = [];
  const { emitWarning } = process;
  process.emitWarning = (message) => warnings.push(message);
  made.count();
  made.count('x');
  made.count();
  made.countReset();
  made.count();
  made.countReset('unknown');
  made.time();
  made.time();
  made.timeLog(undefined, { a: 1 }, 'text');
  made.timeEnd();
  made.timeEnd();
  made.timeLog('unknown');
  process.emitWarning = emitWarning;
  assert.deepStrictEqual(out.splice(0, 4), ['default: 1\n', 'x: 1\n', 'default: 2\n', 'default: 1\n']);
  assert.match(out[0], /^default: [\d.]+(ms|s) \{ a: 1 \} text\n$/);
  assert.match(out[1], /^default: [\d.]+(ms|s)\n$/);
  assert.deepStrictEqual(warnings, [
    'Count for \'unknown\' does not exist',
    'Label \'default\' already exists for console.time()',
    'No such label \'default\' for console.timeEnd()',
    'No such label \'unknown\' for console.timeLog()',
  ]);
  assert.strictEqual(made._times.size, 0);
  assert.throws(() => made.count(Symbol('label')), TypeError);
}

// Colours.
{
  const { made, out } = collect({ colorMode: true });
  made.log('text', 1);
  assert.deepStrictEqual(out, ['text \u001b[33m1\u001b[39m\n']);
}
{
  const inspectOptions = { compact: false };
  const { made, out } = collect({ inspectOptions });
  made.log({ a: 1 });
  assert.deepStrictEqual(out, ['{\n  a: 1\n}\n']);
}
{
  const stdout = new Writable({ write() {} });
  const stderr = new Writable({ write() {} });
  const lines = [];
  stdout.write = stderr.write = (line) => lines.push(line);
  const options = new Map([[stdout, { colors: true }], [stderr, { depth: 0 }]]);
  const made = new Console({ stdout, stderr, inspectOptions: options });
  made.log(1);
  made.error({ a: {}, b: { c: 1 } });
  assert.deepStrictEqual(lines, ['\u001b[33m1\u001b[39m\n', '{ a: {}, b: [Object] }\n']);
}
assert.throws(() => collect({ colorMode: true, inspectOptions: { colors: true } }), {
  code: 'ERR_INCOMPATIBLE_OPTION_PAIR',
  message: 'Option "options.inspectOptions.color" cannot be used in combination with option "colorMode"',
});
assert.throws(() => collect({ colorMode: 1 }), { code: 'ERR_INVALID_ARG_VALUE' });

// The screen is cleared on terminals only.
{
  const { made, out } = collect();
  const { TERM } = process.env;
  process.env.TERM = 'xterm';
  made.clear();
  assert.deepStrictEqual(out, []);
  made._stdout.isTTY = true;
  made.clear();
  assert.strictEqual(out.join(''), '\u001b[1;1H\u001b[0J');
  process.env.TERM = 'dumb';
  made.clear();
  assert.strictEqual(out.join(''), '\u001b[1;1H\u001b[0J');
  if (TERM === undefined) delete process.env.TERM;
  else process.env.TERM = TERM;
}

// Errors of streams are nobody's business, unless they are asked for.
for (const fail of [
  (callback) => callback(new Error('reported')),
  (callback) => process.nextTick(callback, new Error('late')),
  () => { throw new Error('thrown'); },
]) {
  const stream = new Writable({ write(chunk, encoding, callback) { fail(callback); } });
  new Console(stream).log('lost');
}
{
  const stream = new Writable();
  stream.write = () => { throw new Error('thrown'); };
  assert.throws(() => new Console(stream, stream, false).log('x'), { message: 'thrown' });
}
{
  const stream = new Writable({ write: function write(...args) { return write(...args); } });
  assert.throws(() => new Console(stream).log('too deep'), RangeError);
}

// Construction.
for (const options of [undefined, null, {}, { stdout: {} }, 5]) {
  assert.throws(() => new Console(options), {
    name: 'TypeError',
    code: 'ERR_CONSOLE_WRITABLE_STREAM',
    message: 'Console expects a writable stream instance for stdout',
  });
}
assert.throws(() => new Console(process.stdout, {}), { message: /for stderr$/ });
assert.ok(Console(process.stdout) instanceof Console);
class Loud extends Console {
  log(text) {
    super.log(text.toUpperCase());
  }
}
{
  const { out } = collect();
  const stream = new Writable({ write(chunk, encoding, callback) { out.push(String(chunk)); callback(); } });
  const { log: bound } = new Loud(stream);
  bound('text');
  assert.deepStrictEqual(out, ['TEXT\n']);
}
