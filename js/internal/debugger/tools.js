// Profiles and snapshots of the heap, as the command-line debugger takes them.
'use strict';

const fs = require('fs');
const path = require('path');
const { Profile } = require('internal/debugger/values');

/** The tools of one session. */
class Tools {
  profiles = [];
  #client;
  #print;
  #snapshot = null;

  /**
   * @param {import('./client').Client} client
   * @param {(text: string, endsLine?: boolean) => void} print
   */
  constructor(client, print) {
    this.#client = client;
    this.#print = print;
    client.on('Profiler.consoleProfileFinished', ({ profile }) => {
      this.#keep(profile);
      print(`Captured new CPU profile.\nAccess it with profiles[${this.profiles.length - 1}]`);
    });
  }

  #keep(data) {
    const profile = new Profile(data, this.#print);
    this.profiles.push(profile);
    return profile;
  }

  async startProfile() {
    await this.#client.call('Profiler.start');
  }

  async endProfile() {
    const { profile } = await this.#client.call('Profiler.stop');
    return this.#keep(profile);
  }

  /**
   * @param {string} [filename]
   * @returns {Promise<void>} of one snapshot at a time
   */
  takeHeapSnapshot(filename = 'node.heapsnapshot') {
    if (this.#snapshot !== null) {
      this.#print('Cannot take heap snapshot because another snapshot is in progress.');
      return this.#snapshot;
    }
    this.#snapshot = this.#writeSnapshot(path.resolve(filename)).finally(() => {
      this.#snapshot = null;
    });
    return this.#snapshot;
  }

  async #writeSnapshot(file) {
    const chunks = [];
    let size = 0;
    const onProgress = ({ done, total, finished }) => {
      this.#print(finished ? 'Heap snapshot prepared.' : `Heap snapshot: ${done}/${total}`, finished === true);
    };
    const onChunk = ({ chunk }) => {
      size += chunk.length;
      chunks.push(chunk);
      this.#print(`Writing snapshot: ${size}`, false);
    };
    this.#client.on('HeapProfiler.reportHeapSnapshotProgress', onProgress);
    this.#client.on('HeapProfiler.addHeapSnapshotChunk', onChunk);
    try {
      await this.#client.call('HeapProfiler.takeHeapSnapshot', { reportProgress: true });
      fs.writeFileSync(file, chunks.join(''));
      this.#print(`Wrote snapshot: ${file}`);
    } finally {
      this.#client.off('HeapProfiler.reportHeapSnapshotProgress', onProgress);
      this.#client.off('HeapProfiler.addHeapSnapshotChunk', onChunk);
    }
  }
}

module.exports = { Tools };
