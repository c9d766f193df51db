// `run({ watch: true })` and `--watch --test`: runs test files, and again those that a change of a file concerns.
'use strict';

const { existsSync } = require('fs');
const { FilesWatcher } = require('internal/watch/files_watcher');

/** The runs of a watched set of files, all of which report to one stream. */
class WatchedRuns {
  #due = new Set();
  #files;
  #findFiles;
  #isClosed = false;
  #isRunning = false;
  #makeRoot;
  /** Whether a file that is gone is no longer one of the tests: it was found, not named. */
  #mayLose;
  #root;
  #runFiles;
  #watcher = new FilesWatcher();

  /**
   * @param {Root} root  of the first run
   * @param {object} actions
   * @param {() => string[]} actions.findFiles  the files as they are now
   * @param {(stream: TestsStream) => Root} actions.makeRoot  for a further run
   * @param {(root: Root, files: string[], watcher: FilesWatcher) => Promise<void>} actions.runFiles
   */
  constructor(root, { findFiles, makeRoot, runFiles }) {
    this.#root = root;
    this.#findFiles = findFiles;
    this.#makeRoot = makeRoot;
    this.#runFiles = runFiles;
  }

  /**
   * @param {string[]} files
   * @param {string | undefined} directory  where new files are looked for
   */
  async start(files, directory) {
    this.#files = new Set(files);
    this.#watcher.on('change', ({ path, owners }) => this.#change(path, owners));
    this.#mayLose = directory !== undefined;
    if (directory !== undefined) this.#watcher.watchTree(directory, (path) => this.#isNew(path));
    await this.#run(files);
  }

  /** Ends the runs, and with them the stream. */
  close() {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watcher.close();
    if (!this.#isRunning) this.#root.stream.finish();
  }

  #isNew(path) {
    return !this.#files.has(path) && existsSync(path) && this.#findFiles().includes(path);
  }

  #change(path, owners) {
    owners.delete(undefined);
    for (const file of this.#files) {
      if (!this.#mayLose || existsSync(file)) continue;
      this.#files.delete(file);
      owners.delete(file);
      this.#watcher.forget(file);
    }
    for (const file of this.#findFiles()) {
      if (!this.#files.has(file) && existsSync(file)) owners.add(file);
      this.#files.add(file);
    }
    for (const file of owners) this.#due.add(file);
    if (this.#isRunning) this.#root.supersede(owners);
    else this.#runDue();
  }

  async #runDue() {
    if (this.#due.size === 0 || this.#isClosed) return;
    const files = [...this.#due];
    this.#due.clear();
    const { stream } = this.#root;
    this.#root = this.#makeRoot(stream);
    stream.report('test:watch:restarted');
    await this.#run(files);
  }

  async #run(files) {
    this.#isRunning = true;
    for (const file of files) {
      this.#watcher.forget(file);
      this.#watcher.watchFile(file, file);
    }
    await this.#runFiles(this.#root, files, this.#watcher);
    await this.#root.end();
    this.#isRunning = false;
    this.#root.stream.report('test:watch:drained');
    if (this.#isClosed) this.#root.stream.finish();
    else this.#runDue();
  }
}

module.exports = { WatchedRuns };
