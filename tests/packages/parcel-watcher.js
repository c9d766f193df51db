// @parcel/watcher, a native add-on with threads of its own: events of a folder, and what has changed since a snapshot.
'use strict';
const watcher = require('@parcel/watcher');
const fs = require('fs');
const path = require('path');

const folder = fs.realpathSync(fs.mkdtempSync(path.join(require('os').tmpdir(), 'watched-')));
(async () => {
  const snapshot = path.join(folder, '.snapshot');
  await watcher.writeSnapshot(folder, snapshot);
  const seen = new Map();
  let done;
  const all = new Promise((resolve) => (done = resolve));
  const subscription = await watcher.subscribe(folder, (error, events) => {
    for (const { type, path: file } of events) seen.set(path.basename(file), type);
    if (seen.has('a.txt') && seen.has('b.txt')) done();
  });
  fs.writeFileSync(path.join(folder, 'a.txt'), 'a');
  fs.writeFileSync(path.join(folder, 'b.txt'), 'b');
  await all;
  console.log([...seen.keys()].filter((name) => name.endsWith('.txt')).sort());
  await subscription.unsubscribe();
  const since = await watcher.getEventsSince(folder, snapshot);
  console.log(since.map(({ type, path: file }) => `${type} ${path.basename(file)}`).filter((text) => text.endsWith('.txt')).sort());
  await watcher.subscribe(path.join(folder, 'missing'), () => {}).then(() => console.log('?'), (error) => console.log(error.name));
  fs.rmSync(folder, { recursive: true });
})();
