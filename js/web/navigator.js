// `navigator`: what the runtime tells of the machine and itself, as browsers do.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR },
} = require('internal/errors');
const { kEnumerableProperty } = require('internal/util');

/** The machine's name in browsers, which are older than some machines. */
const platforms = {
  'darwin': 'MacIntel',
  'linux ia32': 'Linux i686',
  'linux x64': 'Linux x86_64',
};

function platformName({ arch, platform }) {
  return platforms[platform] ?? platforms[`${platform} ${arch}`] ??
    `${platform[0].toUpperCase()}${platform.slice(1)} ${arch}`;
}

const kCreate = Symbol('kCreate');

class Navigator {
  #availableParallelism;
  #languages;
  #platform;
  #userAgent = `Node.js/${parseInt(process.versions.node, 10)}`;

  constructor(key = undefined) {
    if (key !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  /** @returns {number} how many threads can run at the same time */
  get hardwareConcurrency() {
    return this.#availableParallelism ??= require('os').availableParallelism();
  }

  /** @returns {LockManager} */
  get locks() {
    return require('web/locks').locks;
  }

  /** @returns {string} the user's language, such as `en-US` */
  get language() {
    return (this.#languages ?? this.languages)[0];
  }

  /** @returns {readonly string[]} that language alone */
  get languages() {
    return this.#languages ??= Object.freeze([Intl.DateTimeFormat().resolvedOptions().locale]);
  }

  /** @returns {string} `Node.js/` and the major version */
  get userAgent() {
    return this.#userAgent;
  }

  /** @returns {string} such as `Linux x86_64` */
  get platform() {
    return this.#platform ??= platformName(internalBinding('process').startInfo());
  }
}

Object.defineProperties(Navigator.prototype, {
  hardwareConcurrency: kEnumerableProperty,
  locks: kEnumerableProperty,
  language: kEnumerableProperty,
  languages: kEnumerableProperty,
  userAgent: kEnumerableProperty,
  platform: kEnumerableProperty,
});

module.exports = { Navigator, navigator: new Navigator(kCreate) };
