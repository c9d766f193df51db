// `trace_events`: which events are asked for, and what the file of a program holds.
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { createTracing, getEnabledCategories } = require('trace_events');
const { inspect } = require('util');
const { Session } = require('inspector');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trace-events-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

/** Runs a program and gives its events without those about the process. */
function eventsOf(categories, program) {
  const file = path.join(folder, 'trace.json');
  fs.rmSync(file, { force: true });
  const args = ['--trace-event-categories', categories, '--trace-event-file-pattern', file, '-e', program];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
  const { traceEvents } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return { status, stderr, all: traceEvents, events: traceEvents.filter((event) => event.cat !== '__metadata') };
}

/** The events by their phase and name. */
const told = ({ events }) => events.map((event) => `${event.ph} ${event.name}`);

// What the arguments have to be.
assert.throws(() => createTracing(), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => createTracing({ categories: [1] }), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => createTracing({ categories: [] }), { code: 'ERR_TRACE_EVENTS_CATEGORY_REQUIRED' });

// Categories that several have asked for stay until the last of them has enough.
{
  assert.strictEqual(getEnabledCategories(), undefined);
  const tracing = createTracing({ categories: ['b-none', 'a-none'] });
  assert.strictEqual(inspect(tracing), "Tracing { enabled: false, categories: 'b-none,a-none' }");
  const other = createTracing({ categories: ['a-none'] });
  process.chdir(folder);
  tracing.enable();
  tracing.enable();
  other.enable();
  assert.strictEqual(getEnabledCategories(), 'a-none,b-none');
  tracing.disable();
  assert.strictEqual(getEnabledCategories(), 'a-none');
  other.disable();
  assert.strictEqual(getEnabledCategories(), undefined);
  process.chdir('/');
}

// The file says which process this is, and `process.exit` and exceptions lose nothing.
{
  const run = eventsOf('node.console', 'console.time("a"); console.timeEnd("a"); console.count(); process.exit(3)');
  assert.strictEqual(run.status, 3);
  assert.deepStrictEqual(told(run), ['b time::a', 'e time::a', 'C count::default']);
  assert.deepStrictEqual(run.events[2].args, { data: 1 });
  const names = run.all.filter((event) => event.cat === '__metadata').map((event) => event.name);
  for (const name of ['process_name', 'version', 'thread_name', 'node']) assert(names.includes(name), name);
  const failed = eventsOf('node.console', 'console.count("x"); throw new Error("deliberate")');
  assert.strictEqual(failed.status, 1);
  assert.match(failed.stderr, /deliberate/);
  assert.deepStrictEqual(told(failed), ['C count::x']);
}

// The file system, waited for and not.
{
  const program = 'fs.writeFileSync("f", "1"); fs.readFileSync("f", "utf8"); fs.stat("f", () => fs.unlink("nope", () => {}))';
  const run = eventsOf('node.fs.sync,node.fs.async', program);
  const sync = run.events.filter((event) => event.cat === 'node,node.fs,node.fs.sync').map((event) => event.name);
  const own = sync.slice(-12);
  const calls = ['open', 'write', 'close', 'open', 'read', 'close'];
  assert.deepStrictEqual(own, calls.flatMap((name) => [`fs.sync.${name}`, `fs.sync.${name}`]));
  const later = run.events.filter((event) => event.cat === 'node,node.fs,node.fs.async');
  assert.deepStrictEqual(later.map((event) => [event.ph, event.name, event.args]), [
    ['b', 'stat', { path: 'f' }], ['e', 'stat', { result: 0 }],
    ['b', 'unlink', { path: 'nope' }], ['e', 'unlink', { result: -2 }],
  ]);
}

// Asynchronous work.
{
  const run = eventsOf('node.async_hooks', 'setImmediate(() => {})');
  const own = run.events.filter((event) => event.name.startsWith('Immediate'));
  assert.deepStrictEqual(own.map((event) => `${event.ph} ${event.name}`),
    ['b Immediate', 'B Immediate_CALLBACK', 'E Immediate_CALLBACK', 'e Immediate']);
  assert.strictEqual(new Set(own.map((event) => event.id)).size, 1);
}

// Connecting, requests and rejections.
{
  const run = eventsOf('node.net.native', 'require("net").connect("\\0nobody-there").on("error", () => {})');
  assert.deepStrictEqual(run.events.map((event) => event.args),
    [{ path_type: 'abstract socket', pipe_path: 'nobody-there' }, { status: -111 }]);
  const http = eventsOf('node.http', `const server = http.createServer((req, res) => { res.end(); server.close(); });
    server.listen(0, () => http.get({ port: server.address().port, path: '/a', agent: false }))`);
  assert.deepStrictEqual(http.events.map((event) => event.args.data).filter(Boolean).length, 2);
  const rejected = eventsOf('node.promises.rejections', `process.on('unhandledRejection', () => {});
    const promise = Promise.reject(1); setImmediate(() => promise.catch(() => {}))`);
  assert.deepStrictEqual(rejected.events.map((event) => event.args),
    [{ unhandled: 1, handledAfter: 0 }, { unhandled: 1, handledAfter: 1 }]);
}

// V8's own events.
assert(eventsOf('v8', '1').events.some((event) => event.cat === 'v8' && event.name.startsWith('V8.')));

// A session of the inspector.
{
  const session = new Session();
  session.connect();
  const heard = [];
  session.on('inspectorNotification', (message) => heard.push(message));
  const post = (method, params) => session.post(`NodeTracing.${method}`, params, (error, result) => heard.push(error?.message ?? result));
  post('start', {});
  post('start', { traceConfig: { includedCategories: ['node.console'] } });
  post('start', { traceConfig: { includedCategories: ['node.console'] } });
  assert.strictEqual(getEnabledCategories(), 'node.console');
  console.time('session');
  post('stop');
  assert.strictEqual(getEnabledCategories(), undefined);
  session.disconnect();
  assert.match(heard[0], /Invalid parameters/);
  assert.deepStrictEqual(heard[1], {});
  assert.match(heard[2], /Call NodeTracing::end/);
  assert.strictEqual(heard[3].params.value[0].name, 'time::session');
  assert.strictEqual(heard[4].params.value[0].cat, '__metadata');
  assert.strictEqual(heard[5].method, 'NodeTracing.tracingComplete');
  assert.deepStrictEqual(heard[6], {});
}
