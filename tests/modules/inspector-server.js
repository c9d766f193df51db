// The server for debuggers: its pages, a WebSocket session that holds the program, steps and evaluates, the
// scripts' source maps, profiles and snapshots of the heap, and the end of a program that is looked at.
'use strict';

const assert = require('assert');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { pathToFileURL } = require('url');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'inspector-server-'));
const script = path.join(folder, 'program.js');
fs.writeFileSync(script, `let total = 0;
function add(amount) {
  total += amount;
  return total;
}
add(2);
try { throw new Error('caught'); } catch { add(3); }
console.log('total', total);
process.exitCode = 7;
//# sourceMappingURL=program.js.map
`);

function get(port, page, headers) {
  const { promise, resolve, reject } = Promise.withResolvers();
  http.get({ host: '127.0.0.1', port, path: page, headers }, async (response) => {
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    resolve({ status: response.statusCode, text });
  }).on('error', reject);
  return promise;
}

/** A debugger. */
class Session {
  #socket;
  #answers = new Map();
  #id = 0;
  events = [];
  #watchers = [];

  async open(url) {
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    await new Promise((resolve, reject) => {
      this.#socket.onopen = resolve;
      this.#socket.onerror = reject;
    });
  }

  #receive(message) {
    if (message.id !== undefined) {
      const { resolve, reject } = this.#answers.get(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
      return;
    }
    this.events.push(message);
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  call(method, params) {
    const id = ++this.#id;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
  }

  /** The next event of that name that nobody has taken. */
  async event(name, fits = () => true) {
    for (;;) {
      const index = this.events.findIndex(({ method, params }) => method === name && fits(params));
      if (index >= 0) return this.events.splice(index, 1)[0].params;
      await new Promise((resolve) => this.#watchers.push(resolve));
    }
  }

  close() {
    this.#socket.close();
  }
}

async function main() {
  const child = spawn(process.execPath, ['--inspect-brk=0', script]);
  let errors = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => output += text);
  const url = await new Promise((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
      const found = /^Debugger listening on (ws:\S+)\nFor help, see: \S+\n/.exec(errors);
      if (found) resolve(found[1]);
    });
  });
  const exit = new Promise((resolve) => child.on('exit', resolve));
  const { port } = new URL(url);

  const version = await get(port, '/json/version');
  assert.deepStrictEqual(JSON.parse(version.text), { 'Browser': `node.js/${process.version}`, 'Protocol-Version': '1.1' });
  const [target] = JSON.parse((await get(port, '/json/list')).text);
  assert.strictEqual(target.webSocketDebuggerUrl, url);
  assert.strictEqual(target.title, script);
  assert.strictEqual(target.url, `file://${script}`);
  // A name that somebody else may have made this machine's.
  const foreign = await get(port, '/json', { Host: 'example.com' });
  assert.strictEqual(foreign.status, 400);
  assert.strictEqual(foreign.text, 'WebSockets request was expected\r\n');
  assert.strictEqual((await get(port, '/json/nothing')).status, 400);

  const session = new Session();
  await session.open(url);
  await session.call('Runtime.enable');
  await session.call('Debugger.enable');
  await session.call('Runtime.runIfWaitingForDebugger');
  const start = await session.event('Debugger.paused');
  assert.strictEqual(start.reason, 'Break on start');
  assert.strictEqual(start.callFrames[0].location.lineNumber, 0);
  const parsed = await session.event('Debugger.scriptParsed', (params) => params.url === pathToFileURL(script).href);
  assert.strictEqual(parsed.sourceMapURL, 'program.js.map');

  const { locations } =
    await session.call('Debugger.setBreakpointByUrl', { lineNumber: 2, url: pathToFileURL(script).href });
  assert.strictEqual(locations[0].lineNumber, 2);
  await session.call('Debugger.resume');
  const held = await session.event('Debugger.paused');
  const [frame] = held.callFrames;
  assert.strictEqual(frame.functionName, 'add');
  const evaluate = (expression) =>
    session.call('Debugger.evaluateOnCallFrame', { callFrameId: frame.callFrameId, expression });
  assert.strictEqual((await evaluate('amount + total')).result.value, 2);
  assert.strictEqual((await session.call('Runtime.evaluate', { expression: 'typeof amount' })).result.value, 'undefined');
  const withRequire = await session.call('Runtime.evaluate', {
    expression: 'require("path").sep', includeCommandLineAPI: true,
  });
  assert.strictEqual(withRequire.result.value, '/');
  await session.call('Debugger.stepOver');
  assert.strictEqual((await session.event('Debugger.paused')).callFrames[0].location.lineNumber, 3);

  await session.call('Debugger.setPauseOnExceptions', { state: 'all' });
  await session.call('Debugger.resume');
  const thrown = await session.event('Debugger.paused');
  assert.strictEqual(thrown.reason, 'exception');
  assert.match(thrown.data.description, /^Error: caught/);
  await session.call('Debugger.setPauseOnExceptions', { state: 'none' });

  await session.call('Profiler.enable');
  await session.call('Profiler.start');
  const { profile } = await session.call('Profiler.stop');
  assert.ok(profile.nodes.length > 0);
  await session.call('HeapProfiler.takeHeapSnapshot');
  const chunks = session.events.filter(({ method }) => method === 'HeapProfiler.addHeapSnapshotChunk');
  const snapshot = JSON.parse(chunks.map(({ params }) => params.chunk).join(''));
  assert.ok(snapshot.snapshot.node_count > 0);

  await session.call('Debugger.disable');
  const printed = await session.event('Runtime.consoleAPICalled');
  assert.deepStrictEqual(printed.args.map(({ value }) => value), ['total', 5]);
  await session.event('Runtime.executionContextDestroyed', (params) => params.executionContextId === 1);
  session.close();
  assert.strictEqual(await exit, 7);
  assert.strictEqual(output, 'total 5\n');
  assert.match(errors, /Debugger attached\.\n/);
  assert.match(errors, /Waiting for the debugger to disconnect\.\.\.\n/);
}

main().finally(() => fs.rmSync(folder, { recursive: true }));
