// `process.report`: what reports tell, how they are asked for, and what sets them off.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'report-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));

const { report } = process;
assert.deepStrictEqual(Object.keys(report), [
  'writeReport', 'getReport', 'directory', 'filename', 'compact', 'excludeNetwork', 'signal', 'reportOnFatalError',
  'reportOnSignal', 'reportOnUncaughtException', 'excludeEnv',
]);
const SECTIONS = [
  'header', 'javascriptStack', 'javascriptHeap', 'nativeStack', 'resourceUsage', 'uvthreadResourceUsage', 'libuv',
  'workers', 'environmentVariables', 'userLimits', 'sharedObjects',
];

// The report itself
const error = Object.assign(new TypeError('wrong'), { code: 'CODE', detail: { a: 1 } });
const given = report.getReport(error);
assert.deepStrictEqual(Object.keys(given), SECTIONS);
assert.strictEqual(given.header.event, 'JavaScript API');
assert.strictEqual(given.header.trigger, 'GetReport');
assert.strictEqual(given.header.filename, null);
assert.strictEqual(given.header.processId, process.pid);
assert.strictEqual(given.header.threadId, 0);
assert.strictEqual(given.header.cwd, process.cwd());
// Packages with native parts read here which C library there is.
const library = spawnSync('getconf', ['GNU_LIBC_VERSION'], { encoding: 'utf8' }).stdout?.trim();
if (library?.startsWith('glibc ')) {
  assert.strictEqual(`glibc ${given.header.glibcVersionRuntime}`, library);
  assert.match(given.header.glibcVersionCompiler, /^\d+\.\d+$/);
}
assert.deepStrictEqual(given.header.componentVersions, { ...process.versions });
assert.match(given.header.dumpEventTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
assert.match(given.header.dumpEventTimeStamp, /^\d+$/);
assert.strictEqual(given.javascriptStack.message, 'TypeError: wrong');
assert(given.javascriptStack.stack[0].startsWith('at '));
assert.deepStrictEqual(given.javascriptStack.errorProperties, { code: 'CODE', detail: '[object Object]' });
assert.strictEqual(given.libuv.at(-1).type, 'loop');
assert.strictEqual(given.environmentVariables.PATH, process.env.PATH);
assert.deepStrictEqual(Object.keys(given.userLimits.open_files), ['soft', 'hard']);
assert(given.javascriptHeap.heapSpaces.old_space.used > 0);
assert.strictEqual(report.getReport().javascriptStack.message, 'Error [ERR_SYNTHETIC]: JavaScript Callstack');
const none = { message: 'No stack.', stack: ['Unavailable.'], errorProperties: {} };
assert.deepStrictEqual(report.getReport({}).javascriptStack, none);
for (const value of [5, 'x', null]) assert.throws(() => report.getReport(value), { code: 'ERR_INVALID_ARG_TYPE' });

// Settings
for (const name of ['compact', 'excludeNetwork', 'reportOnSignal', 'reportOnUncaughtException', 'excludeEnv']) {
  assert.strictEqual(report[name], false, name);
  assert.throws(() => (report[name] = 1), { code: 'ERR_INVALID_ARG_TYPE' }, name);
}
for (const name of ['directory', 'filename']) {
  assert.strictEqual(report[name], '');
  assert.throws(() => (report[name] = 1), { code: 'ERR_INVALID_ARG_TYPE' }, name);
}
assert.strictEqual(report.signal, 'SIGUSR2');
assert.throws(() => (report.signal = 'sigusr1'), {
  code: 'ERR_UNKNOWN_SIGNAL',
  message: 'Unknown signal: sigusr1 (signals must use all capital letters)',
});
report.reportOnSignal = true;
assert.strictEqual(process.listenerCount('SIGUSR2'), 1);
report.signal = 'SIGUSR1';
assert.strictEqual(process.listenerCount('SIGUSR2'), 0);
report.reportOnSignal = false;
assert.strictEqual(process.listenerCount('SIGUSR1'), 0);
report.excludeEnv = true;
report.excludeNetwork = true;
const less = report.getReport();
assert.strictEqual(less.environmentVariables, undefined);
assert.strictEqual(less.header.networkInterfaces, undefined);

// Files, in other processes, since they are told of on standard error
function run(options, program) {
  return spawnSync(process.execPath, [...options, '-e', program], { cwd: folder, encoding: 'utf8' });
}
function takeReport() {
  const [name, ...others] = fs.readdirSync(folder);
  assert.deepStrictEqual(others, []);
  const text = fs.readFileSync(path.join(folder, name), 'utf8');
  fs.unlinkSync(path.join(folder, name));
  return { name, text, content: JSON.parse(text) };
}

const written = run([], 'process.stdout.write(process.report.writeReport(new Error("x")))');
const first = takeReport();
assert.match(first.name, /^report\.\d{8}\.\d{6}\.\d+\.0\.001\.json$/);
assert.strictEqual(written.stdout, first.name);
assert.strictEqual(written.stderr, `\nWriting Node.js report to file: ${first.name}\nNode.js report completed\n`);
assert.strictEqual(first.content.header.filename, first.name);

run(['--report-filename=own.json', '--report-compact', '--report-exclude-env'], 'process.report.writeReport()');
const own = takeReport();
assert.strictEqual(own.name, 'own.json');
assert.strictEqual(own.text.indexOf('\n'), own.text.length - 1);
assert.strictEqual(own.content.environmentVariables, undefined);

const refused = run(['--report-dir=nowhere'], 'process.stdout.write(`<${process.report.writeReport("a.json")}>`)');
assert.strictEqual(refused.stdout, '<>');
assert.strictEqual(refused.stderr, '\nFailed to open Node.js report file: a.json directory: nowhere (errno: 2)\n');

const toOutput = run([], 'process.report.writeReport("stdout")');
assert.strictEqual(JSON.parse(toOutput.stdout).header.filename, 'stdout');
assert.strictEqual(toOutput.stderr, '\nNode.js report completed\n');

// What sets them off
assert.strictEqual(run(['--report-uncaught-exception'], 'throw 1').status, 1);
const uncaught = takeReport().content;
assert.strictEqual(uncaught.header.event, 'Exception');
assert.strictEqual(uncaught.header.trigger, 'Exception');
assert.deepStrictEqual(uncaught.javascriptStack, { message: '1', errorProperties: {} });
const handled = 'process.on("uncaughtException", () => {}); throw 1';
assert.strictEqual(run(['--report-uncaught-exception'], handled).status, 0);
assert.deepStrictEqual(fs.readdirSync(folder), []);
run(['--report-on-signal', '--report-signal=SIGUSR1'], `
  process.kill(process.pid, 'SIGUSR1');
  (function wait() {
    if (require('fs').readdirSync('.').length === 0) setImmediate(wait);
  })();
`);
const signalled = takeReport().content;
assert.strictEqual(signalled.header.event, 'SIGUSR1');
assert.strictEqual(signalled.header.trigger, 'Signal');

// A heap that is full; its limit is told as it was.
const fill = 'process.report.reportOnFatalError = true; const all = []; for (;;) all.push({ a: all.length });';
const full = run(['--max-heap-size=30'], fill);
assert.notStrictEqual(full.status, 0);
assert.match(full.stderr, /FATAL ERROR: .*JavaScript heap out of memory\n\nWriting Node\.js report to file: /s);
const ofFull = takeReport().content;
assert.strictEqual(ofFull.header.event, 'Allocation failed - JavaScript heap out of memory');
assert.strictEqual(ofFull.header.trigger, 'OOMError');
assert.strictEqual(ofFull.javascriptHeap.memoryLimit, 30 * 1024 * 1024);
assert.deepStrictEqual(ofFull.javascriptStack, { message: 'No stack.', stack: ['Unavailable.'], errorProperties: {} });
run(['--max-heap-size=30', '--report-on-fatalerror'], `process.report.reportOnFatalError = false; ${fill.slice(42)}`);
assert.deepStrictEqual(fs.readdirSync(folder), []);
