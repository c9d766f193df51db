// The permission model and what is no file: processes, workers, sockets, names of hosts, the inspector, add-ons; what
// children and workers inherit; what is told of refusals.
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');

const env = { ...process.env, NODE_NO_WARNINGS: '1' };
delete env.NODE_OPTIONS;

/** Runs a text; it asserts by itself. */
function run(flags, program, expected = '') {
  const prelude = "const assert = require('assert'); const fs = require('fs');";
  const args = [...flags, '-e', prelude + program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  assert.strictEqual(status, 0, stderr);
  assert.strictEqual(stdout, expected);
}

const text = (work) => `(${work})().catch((error) => { console.error(error); process.exitCode = 1; });`;

// Without a grant nothing of this works.
run(['--permission'], text(async () => {
  const denied = (permission, resource) => ({ code: 'ERR_ACCESS_DENIED', permission, resource });
  const children = require('child_process');
  assert.throws(() => children.spawn('ls'), denied('ChildProcess', 'ls'));
  assert.throws(() => children.spawnSync('ls'), denied('ChildProcess', 'ls'));
  assert.throws(() => children.exec('ls'), denied('ChildProcess', '/bin/sh'));
  assert.throws(() => children.execFileSync('ls'), denied('ChildProcess', 'ls'));
  assert.throws(() => children.fork('x.js'), denied('ChildProcess', process.execPath));
  assert.throws(() => process.execve('/bin/ls', ['ls'], {}), denied('ChildProcess', '/bin/ls'));
  const { Worker } = require('worker_threads');
  assert.throws(() => new Worker('0', { eval: true }), denied('WorkerThreads', ''));
  assert.throws(() => require('module').register('data:text/javascript,'), denied('WorkerThreads', ''));
  const { Session } = require('inspector');
  assert.throws(() => new Session().connect(), denied('Inspector', 'Connect'));
  assert.throws(() => process.binding('fs'), { code: 'ERR_ACCESS_DENIED', message: 'process.binding' });
  assert.throws(() => process.dlopen({ exports: {} }, '/x.node'), { code: 'ERR_DLOPEN_DISABLED' });
  assert.throws(() => require('crypto').setEngine('x'), { code: 'ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED' });
  assert.throws(() => require('v8').writeHeapSnapshot('x'), denied('FileSystemWrite', 'x'));
  assert.throws(() => process.report.writeReport('x'), denied('FileSystemWrite', 'x'));
  const net = require('net');
  const failure = (emitter) => require('events').once(emitter, 'error').then(([error]) => error);
  const connected = await failure(net.connect(1, '127.0.0.1'));
  assert.strictEqual(connected.message,
                     'connect ERR_ACCESS_DENIED Access to this API has been restricted. Use --allow-net to manage permissions.');
  assert.deepStrictEqual(Object.keys(connected), ['errno', 'code', 'syscall', 'address', 'port']);
  assert.strictEqual((await failure(net.connect('/tmp/x.sock'))).address, '/tmp/x.sock');
  assert.strictEqual((await failure(net.connect(1, 'localhost'))).syscall, 'getaddrinfo');
  assert.throws(() => net.createServer().listen(0), denied('Net', ''));
  assert.throws(() => net.createServer().listen('/tmp/x.sock'), denied('Net', '/tmp/x.sock'));
  const udp = require('dgram').createSocket('udp4');
  udp.bind(0);
  assert.strictEqual((await failure(udp)).syscall, 'bind');
  const dns = require('dns').promises;
  const refused = { code: 'ERR_ACCESS_DENIED' };
  await assert.rejects(dns.lookup('localhost'), { ...refused, message: 'getaddrinfo ERR_ACCESS_DENIED localhost' });
  await assert.rejects(dns.resolve4('localhost'), { ...refused, message: 'queryA ERR_ACCESS_DENIED localhost' });
  await assert.rejects(dns.reverse('127.0.0.1'), refused);
  await assert.rejects(dns.lookupService('127.0.0.1', 80), refused);
  assert.strictEqual((await dns.lookup('127.0.0.1')).address, '127.0.0.1');
  await assert.rejects(fetch('http://127.0.0.1:8/'), ({ cause }) => cause.code === 'ERR_ACCESS_DENIED');
}));

// With the grants it does.
run(['--permission', '--allow-net'], text(async () => {
  const { once } = require('events');
  const server = require('net').createServer((socket) => socket.end('yes')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = require('net').connect(server.address().port, '127.0.0.1');
  console.log(String((await once(socket, 'data'))[0]));
  server.close();
  process.permission.drop('net');
  const [error] = await once(require('net').connect(1, '127.0.0.1'), 'error');
  console.log(error.code, process.permission.has('net'));
}), 'yes\nERR_ACCESS_DENIED false\n');

// `process.permission` is there under the model alone, and its parts are checked.
run([], "console.log(process.permission);", 'undefined\n');
run(['--permission'], text(async () => {
  const { permission } = process;
  assert.throws(() => permission.has(null), { message: 'The "scope" argument must be of type string. Received null' });
  assert.throws(() => permission.has('fs', {}), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => permission.drop(), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.strictEqual(permission.has('nonsense'), false);
  assert.strictEqual(permission.drop('nonsense'), undefined);
  process.permission = null;
  assert.strictEqual(process.permission, permission);
}));
{
  const { status, stderr } = spawnSync(process.execPath, ['--allow-worker', '-e', '0'], { encoding: 'utf8', env });
  assert.strictEqual(status, 1);
  assert.match(stderr, /TypeError \[ERR_MISSING_OPTION\]: --permission is required/);
}

// A worker may do what its parent may, and no more.
run(['--permission', '--allow-worker', '--allow-fs-read=/usr'], text(async () => {
  const { Worker } = require('worker_threads');
  const program = `
    const { has } = process.permission;
    require('worker_threads').parentPort.postMessage(
      [has('worker'), has('net'), has('fs.read'), has('fs.read', '/usr/x'), has('fs.read', '/x')]);
  `;
  const [answer] = await require('events').once(new Worker(program, { eval: true }), 'message');
  assert.deepStrictEqual(answer, [true, false, false, true, false]);
}));

// Children get the flags, unless they bring a model of their own.
run(['--permission', '--allow-child-process', '--allow-fs-read=/usr', '--allow-net'], text(async () => {
  const { execSync, spawnSync } = require('child_process');
  const options = (env) => spawnSync('/bin/sh', ['-c', 'echo $NODE_OPTIONS'], { env, encoding: 'utf8' }).stdout.trim();
  const flags = '--permission --allow-child-process --allow-fs-read=/usr --allow-net';
  assert.strictEqual(options({}), flags);
  assert.strictEqual(options({ NODE_OPTIONS: '--no-warnings' }), `--no-warnings ${flags}`);
  assert.strictEqual(options({ NODE_OPTIONS: '--permission' }), '--permission');
  assert.strictEqual(options(undefined), flags);
  assert.strictEqual(process.env.NODE_OPTIONS, undefined);
  assert.strictEqual(execSync('echo $NODE_OPTIONS', { encoding: 'utf8' }).trim(), flags);
}));

// Refusals are told; an audit tells them and refuses nothing.
const subscribe = `
  const { subscribe } = require('diagnostics_channel');
  for (const name of ['fs', 'child']) {
    subscribe('node:permission-model:' + name, ({ permission, resource, drop }, channel) => {
      console.log(channel, permission, resource, drop);
    });
  }
`;
run(['--permission', '--allow-fs-read=/usr'], `${subscribe}
  try { fs.readFileSync('/x'); } catch {}
  process.permission.has('child');
  process.permission.drop('fs.read', '/usr');
`, `node:permission-model:fs FileSystemRead /x undefined
node:permission-model:child ChildProcess  undefined
node:permission-model:fs FileSystemRead /usr true
`);
run(['--permission-audit'], `${subscribe}
  assert.throws(() => fs.readFileSync('/nothing'), { code: 'ENOENT' });
  assert.strictEqual(require('child_process').spawnSync('true').status, 0);
`, `node:permission-model:fs FileSystemRead /nothing undefined
node:permission-model:child ChildProcess true undefined
`);

// The flags that undo the model are warned of.
{
  const flags = ['--permission', '--allow-addons', '--allow-worker', '--allow-net', '--allow-fs-read=/a,/b'];
  const { stderr } = spawnSync(process.execPath, [...flags, '-e', '0'], {
    encoding: 'utf8',
    env: { ...env, NODE_NO_WARNINGS: '' },
  });
  const warnings = stderr.split('\n').filter((line) => line.startsWith('(node:')).map((line) => line.replace(/^\S+ /, ''));
  assert.deepStrictEqual(warnings.map((line) => line.slice(0, 60)), [
    '[PERM0001] SecurityWarning: The flag --allow-addons must be ',
    '[PERM0006] SecurityWarning: The flag --allow-worker must be ',
    'Warning: The --allow-fs-read CLI flag has changed. Passing a',
    'ExperimentalWarning: The flag --allow-net is under experimen',
  ]);
}
