// The breakpoints of the command-line debugger, which last longer than the program that they are set in.
'use strict';

const { shownPath } = require('internal/debugger/values');

/** A name as a pattern that finds nothing else. */
function quoted(name) {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** All breakpoints. */
class Breakpoints {
  #known = [];
  #client;
  #scripts;

  /**
   * @param {import('./client').Client} client
   * @param {Map<string, { scriptId: string, url: string }>} scripts by their ids
   */
  constructor(client, scripts) {
    this.#client = client;
    this.#scripts = scripts;
  }

  /** The lines of a script that have one, counted from 0. */
  linesOf(scriptId) {
    const here = this.#known.filter(({ location }) => location?.scriptId === scriptId);
    return new Set(here.map(({ location }) => location.lineNumber));
  }

  /** @returns {string[]} a line for each */
  describe() {
    return this.#known.map(({ url, pattern, shown, line }, i) => `#${i} ${pattern === undefined ? shownPath(url) : shown}:${line}`);
  }

  /** The scripts that a name may mean: by their id, their URL, or the end of it. */
  find(name) {
    const script = this.#scripts.get(name);
    if (script !== undefined) return [script];
    const found = [...this.#scripts.values()].filter(({ url }) => {
      return url === name || url.endsWith(`/${name}`) || shownPath(url) === name;
    });
    return found;
  }

  /**
   * @param {{ scriptId: string, url: string }} script
   * @param {number} line counted from 1
   * @param {string} [condition]
   * @returns {Promise<object>} its location
   */
  async setIn(script, line, condition) {
    const location = { scriptId: script.scriptId, lineNumber: line - 1 };
    const { breakpointId, actualLocation } = await this.#client.call('Debugger.setBreakpoint', { location, condition });
    const actual = actualLocation;
    this.#known.push({ breakpointId, location: actual, url: script.url, line: actual.lineNumber + 1, condition });
    return actual;
  }

  /** Sets one in scripts that are still to come. */
  async setAhead(name, line, condition) {
    const pattern = `^(.*[\\/\\\\])?${quoted(name)}$`;
    const { breakpointId } =
      await this.#client.call('Debugger.setBreakpointByUrl', { urlRegex: pattern, lineNumber: line - 1, condition });
    this.#known.push({ breakpointId, pattern, shown: `.*/${name}$`, name, line, condition });
  }

  /**
   * @returns {Promise<boolean>} whether there was one
   */
  async clear(name, line) {
    const index = this.#known.findIndex((known) => {
      if (known.line !== line) return false;
      if (known.pattern !== undefined) return known.name === name;
      return this.find(name).some(({ url }) => url === known.url);
    });
    if (index < 0) return false;
    const [{ breakpointId }] = this.#known.splice(index, 1);
    await this.#client.call('Debugger.removeBreakpoint', { breakpointId });
    return true;
  }

  /** Sets all of them in a program that has begun anew. */
  async restore() {
    const before = this.#known;
    this.#known = [];
    for (const { pattern, url, line, name, condition } of before) {
      if (pattern !== undefined) {
        await this.setAhead(name, line, condition);
        continue;
      }
      const params = { url, lineNumber: line - 1, condition };
      const { breakpointId, locations } = await this.#client.call('Debugger.setBreakpointByUrl', params);
      this.#known.push({ breakpointId, location: locations[0], url, line, condition });
    }
  }
}

module.exports = { Breakpoints };
