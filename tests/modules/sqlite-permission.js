// Under the permission model SQLite opens no file that is not granted: not by itself, not by what a statement says.
// Real Node opens them all.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'sqlite-permission-')));
const granted = path.join(folder, 'granted.db');
const secret = path.join(folder, 'secret.db');

const program = `
  const { DatabaseSync, backup } = require('node:sqlite');
  const [granted, secret] = ${JSON.stringify([granted, secret])};
  const database = new DatabaseSync(granted, { allowExtension: true });
  database.exec('CREATE TABLE t(a)');
  const address = 'file://localhost' + secret.replace('secret', '%73ecret') + '?mode=rwc';
  const attempts = {
    open: () => new DatabaseSync(secret),
    address: () => new DatabaseSync(address),
    attach: () => database.exec("ATTACH '" + secret + "' AS x"),
    attachAddress: () => database.exec("ATTACH '" + address + "' AS x"),
    attachValue: () => database.prepare('ATTACH ? AS x').run(secret),
    vacuum: () => database.exec("VACUUM INTO '" + secret + "'"),
    authorizer: () => {
      database.setAuthorizer(() => 0);
      database.exec("ATTACH '" + secret + "' AS x");
    },
    noAuthorizer: () => {
      database.setAuthorizer(null);
      database.exec("ATTACH '" + secret + "' AS x");
    },
    extension: () => database.loadExtension('x'),
  };
  const passed = [];
  for (const name of Object.keys(attempts)) {
    try {
      attempts[name]();
      passed.push(name);
    } catch {}
  }
  database.exec("ATTACH ':memory:' AS m; DETACH m; VACUUM");
  backup(database, secret).then(() => passed.push('backup'), () => {}).then(() => console.log(JSON.stringify(passed)));
`;
const flags = ['--permission', `--allow-fs-read=${granted}`, `--allow-fs-write=${granted}`];
const { stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' });
if (process.versions.ironode !== undefined) {
  assert.strictEqual(stdout, '[]\n', stderr);
  assert.ok(!fs.existsSync(secret));
}
fs.rmSync(folder, { recursive: true });
console.log('ok');
