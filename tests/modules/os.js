// Node's `os`.
'use strict';

const assert = require('node:assert');
const os = require('node:os');
const fs = require('node:fs');
const { inspect } = require('node:util');

assert.strictEqual(os.EOL, '\n');
assert.strictEqual(os.devNull, '/dev/null');
assert.strictEqual(os.arch(), process.arch);
assert.strictEqual(os.platform(), process.platform);
assert.strictEqual(os.endianness(), 'LE');
assert.strictEqual(os.type(), 'Linux');
assert.strictEqual(os.release(), fs.readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
assert.strictEqual(os.version(), fs.readFileSync('/proc/sys/kernel/version', 'utf8').trim());
assert.strictEqual(os.hostname(), fs.readFileSync('/proc/sys/kernel/hostname', 'utf8').trim());
assert.match(os.machine(), /^[a-z0-9_]+$/);
assert.ok(os.uptime() > 0);
assert.ok(os.totalmem() > os.freemem() && os.freemem() > 0);
assert.ok(Number.isInteger(os.availableParallelism()) && os.availableParallelism() > 0);
assert.deepStrictEqual(os.loadavg().map((load) => typeof load), ['number', 'number', 'number']);

const [cpu] = os.cpus();
assert.deepStrictEqual(Object.keys(cpu), ['model', 'speed', 'times']);
assert.deepStrictEqual(Object.keys(cpu.times), ['user', 'nice', 'sys', 'idle', 'irq']);
assert.strictEqual(typeof cpu.model, 'string');
assert.ok(cpu.times.user > 0 && cpu.times.idle > 0);

for (const addresses of Object.values(os.networkInterfaces())) {
  for (const address of addresses) {
    const keys = ['address', 'netmask', 'family', 'mac', 'internal', 'cidr'];
    if (address.family === 'IPv6') keys.push('scopeid');
    assert.deepStrictEqual(Object.keys(address), keys);
    assert.match(address.mac, /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    if (address.address === '127.0.0.1') {
      assert.deepStrictEqual(address, {
        address: '127.0.0.1',
        netmask: '255.0.0.0',
        family: 'IPv4',
        mac: '00:00:00:00:00:00',
        internal: true,
        cidr: '127.0.0.1/8',
      });
    }
  }
}

// Folders follow the environment.
process.env.TMPDIR = '/first/';
assert.strictEqual(os.tmpdir(), '/first');
process.env.TMPDIR = '';
process.env.TMP = '/second';
assert.strictEqual(os.tmpdir(), '/second');
delete process.env.TMP;
process.env.TEMP = '/';
assert.strictEqual(os.tmpdir(), '/');
delete process.env.TEMP;
assert.strictEqual(os.tmpdir(), '/tmp');
process.env.HOME = '/home of mine';
assert.strictEqual(os.homedir(), '/home of mine');
delete process.env.HOME;
assert.strictEqual(os.homedir(), os.userInfo().homedir);

const user = os.userInfo();
assert.strictEqual(Object.getPrototypeOf(user), null);
assert.deepStrictEqual(Object.keys(user), ['uid', 'gid', 'username', 'homedir', 'shell']);
assert.strictEqual(user.uid, process.geteuid());
assert.deepStrictEqual(os.userInfo({ encoding: 'buffer' }).username, Buffer.from(user.username));
assert.strictEqual(os.userInfo({ encoding: 'hex' }).homedir, Buffer.from(user.homedir).toString('hex'));
assert.throws(() => os.userInfo({ get encoding() { throw new Error('no'); } }), { message: 'no' });

// Priorities
const before = os.getPriority();
os.setPriority(before + 1);
assert.strictEqual(os.getPriority(process.pid), before + 1);
assert.throws(() => os.setPriority(0, 20), {
  code: 'ERR_OUT_OF_RANGE',
  message: 'The value of "priority" is out of range. It must be >= -20 && <= 19. Received 20',
});
assert.throws(() => os.setPriority('0', 1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => os.getPriority(-1), (error) => {
  assert.strictEqual(error.name, 'SystemError');
  assert.strictEqual(error.code, 'ERR_SYSTEM_ERROR');
  assert.strictEqual(error.message,
                     'A system error occurred: uv_os_getpriority returned ESRCH (no such process)');
  assert.deepStrictEqual(error.info, {
    errno: -3, code: 'ESRCH', message: 'no such process', syscall: 'uv_os_getpriority',
  });
  assert.deepStrictEqual([error.errno, error.syscall], [-3, 'uv_os_getpriority']);
  return true;
});

// Constants
assert.deepStrictEqual(Object.keys(os.constants), [
  'UV_UDP_REUSEADDR', 'dlopen', 'errno', 'signals', 'priority',
]);
assert.strictEqual(os.constants.signals.SIGKILL, 9);
assert.strictEqual(os.constants.errno.ENOENT, 2);
assert.strictEqual(os.constants.priority.PRIORITY_HIGHEST, -20);
assert.strictEqual(os.constants.dlopen.RTLD_NOW, 2);
assert.ok(Object.isFrozen(os.constants.signals));
assert.throws(() => { os.constants.errno.ENOENT = 3; }, TypeError);
assert.throws(() => { os.constants = {}; }, TypeError);

// The functions that stand for their values.
for (const name of [
  'arch', 'availableParallelism', 'endianness', 'homedir', 'hostname', 'platform', 'release', 'tmpdir',
  'totalmem', 'type', 'version', 'machine',
]) {
  assert.strictEqual(`${os[name]}`, String(os[name]()));
}
assert.ok(os.freemem > 0 && +os.uptime > 0);
assert.strictEqual(inspect(os.release),
                   '[Function: getOSRelease] {\n  Symbol(Symbol.toPrimitive): [Function (anonymous)]\n}');
assert.strictEqual(os.hostname.name, 'wrappedFn');
