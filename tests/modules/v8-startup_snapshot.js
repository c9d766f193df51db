// `--build-snapshot` and `--snapshot-blob`: a program goes on in another process, with what belongs to that process.
'use strict';

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'snapshots-'));

function run(args, options) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', ...options });
  return { status, stdout, stderr };
}

function build(program, blob = 'a.blob') {
  fs.writeFileSync(path.join(folder, 'entry.js'), program);
  return run(['--snapshot-blob', blob, '--build-snapshot', 'entry.js', 'x']);
}

try {
  {
    // What runs when, and with which arguments.
    const built = build(`
      const { startupSnapshot } = require('v8');
      const names = () => JSON.stringify(process.argv.slice(1));
      process.on('exit', () => console.log('exit'));
      process.on('beforeExit', () => console.log('beforeExit'));
      startupSnapshot.addSerializeCallback((data) => console.log('serialize', data), 1);
      startupSnapshot.addDeserializeCallback((data) => console.log('deserialize', data), 2);
      startupSnapshot.setDeserializeMainFunction((data) => {
        console.log('main', data, names(), process.env.PLACE, startupSnapshot.isBuildingSnapshot());
        setTimeout(() => console.log('timeout'), 1);
      }, 3);
      console.log('body', names(), typeof module, typeof exports, __filename, startupSnapshot.isBuildingSnapshot());
      setTimeout(() => console.log('first timeout'), 1);
    `);
    const entry = path.join(fs.realpathSync(folder), 'entry.js');
    assert.deepStrictEqual(built, {
      status: 0,
      stderr: '',
      stdout: `body ["entry.js","x"] undefined undefined ${entry} 1\nfirst timeout\nbeforeExit\nserialize 1\n`,
    });
    const env = { ...process.env, PLACE: 'here' };
    assert.deepStrictEqual(run(['--snapshot-blob', 'a.blob', 'p', 'q'], { env }), {
      status: 0, stderr: '', stdout: 'deserialize 2\nmain 3 ["p","q"] here 0\ntimeout\nbeforeExit\nexit\n',
    });
    // Even another program only brings arguments.
    assert.match(run(['--snapshot-blob', 'a.blob', 'entry.js']).stdout, /main 3 \["entry.js"\]/);
    assert.match(run(['--snapshot-blob', 'a.blob', '-e', '1']).stdout, /main 3 \[\]/);
  }

  {
    // Without a main function, other programs find what has been left.
    assert.strictEqual(build(`
      process.cwd();
      globalThis.kept = { map: new Map([[1, Buffer.from('text')]]), date: new Date(0), expression: /a+/g, big: 10n };
      globalThis.numbers = [Math.random()];
      globalThis.add = function add(a, b) { return a + b; };
      globalThis.later = new Promise((resolve) => { globalThis.resolve = resolve; });
      fs = require('fs');
    `).status, 0);
    const program = `
      console.log(kept.map.get(1).toString(), kept.date.getTime(), kept.expression.source, kept.big, add(1, 2));
      console.log(process.cwd() === ${JSON.stringify(fs.realpathSync(folder))}, Math.random() !== numbers[0]);
      console.log(require('fs') === fs, fs.readFileSync(process.execPath === '' ? '' : 'entry.js').length > 0);
      later.then((value) => console.log('later', value));
      resolve(5);
    `;
    assert.deepStrictEqual(run(['--snapshot-blob', 'a.blob', '-e', program]), {
      status: 0, stderr: '', stdout: 'text 0 a+ 10n 3\ntrue true\ntrue true\nlater 5\n',
    });
  }

  {
    // A program that fails, or wants to end with a code, is not kept.
    for (const [program, code] of [['throw new Error()', 1], ['process.exit(3)', 3], ['process.exitCode = 4', 4]]) {
      assert.strictEqual(build(program, 'none.blob').status, code);
      assert.ok(!fs.existsSync(path.join(folder, 'none.blob')), program);
    }
    const { status, stderr } = build('require("./other.js")', 'none.blob');
    assert.strictEqual(status, 1);
    assert.match(stderr, /Error: Cannot find module '\.\/other\.js'/);
    assert.match(build('require("vm")').stderr, /not yet fully verified whether built-in module "vm" works/);
  }

  {
    const usage = '--build-snapshot must be used with an entry point script.\n' +
      'Usage: node --build-snapshot /path/to/entry.js\n';
    assert.deepStrictEqual(run(['--build-snapshot']), { status: 9, stdout: '', stderr: usage });
    const missing = run(['--build-snapshot', 'none.js']);
    assert.strictEqual(missing.status, 1);
    const text = 'Cannot read builder script none.js for building snapshot. ENOENT: no such file or directory\n';
    assert.strictEqual(missing.stderr, text);
    fs.writeFileSync(path.join(folder, 'config.json'), '{"builder": "entry.js", "withoutCodeCache": 1}');
    const config = run(['--build-snapshot-config', 'config.json']);
    assert.strictEqual(config.status, 1);
    assert.match(config.stderr, /^"withoutCodeCache" field of config\.json is not a boolean/);
  }

  {
    // Files that are no snapshots.
    const refuse = (name, pattern) => {
      const { status, stderr } = run(['--snapshot-blob', name, 'entry.js']);
      assert.strictEqual(status, 14);
      assert.match(stderr, pattern);
    };
    refuse('none.blob', /^Cannot open none\.blob/);
    fs.writeFileSync(path.join(folder, 'other.blob'), 'something else');
    refuse('other.blob', /^The startup snapshot is not a Node\.js snapshot blob\./);
    const bytes = fs.readFileSync(path.join(folder, 'a.blob'));
    fs.writeFileSync(path.join(folder, 'short.blob'), bytes.subarray(0, bytes.length >> 1));
    refuse('short.blob', /^The startup snapshot is truncated\./);
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
