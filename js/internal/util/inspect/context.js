// Options of one inspection and the state it keeps while it walks through a value.
'use strict';

const { stylizeNoColor } = require('internal/util/inspect/styles');

/** `util.inspect.defaultOptions`: programs assign to its properties. */
const defaultOptions = Object.seal({
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
});

const optionNames = new Set([...Object.keys(defaultOptions), 'stylize']);

class Context {
  constructor() {
    this.stylize = stylizeNoColor;
    this.showHidden = defaultOptions.showHidden;
    this.depth = defaultOptions.depth;
    this.colors = defaultOptions.colors;
    this.customInspect = defaultOptions.customInspect;
    this.showProxy = defaultOptions.showProxy;
    this.maxArrayLength = defaultOptions.maxArrayLength;
    this.maxStringLength = defaultOptions.maxStringLength;
    this.breakLength = defaultOptions.breakLength;
    this.compact = defaultOptions.compact;
    this.sorted = defaultOptions.sorted;
    this.getters = defaultOptions.getters;
    this.numericSeparator = defaultOptions.numericSeparator;

    /** The caller's options, if it gave some that are not known here: custom functions get them. */
    this.userOptions = undefined;
    /** Objects being formatted, outermost first. */
    this.seen = [];
    /** Objects met again inside themselves, with the number that refers to them. */
    this.circular = undefined;
    /** Spaces in front of the current entries. */
    this.indentation = 0;
    /** Depth of the object that was entered last. */
    this.currentDepth = 0;
    /** Characters produced so far at each indentation. */
    this.produced = undefined;
  }

  /** @param {object} options the caller's options; unknown ones are kept for custom functions */
  assign(options) {
    const names = Object.keys(options);
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      if (optionNames.has(name)) this[name] = options[name];
      else this.userOptions ??= options;
    }
  }

  /** @returns {object} the options as they stand, without the state */
  options() {
    return {
      stylize: this.stylize,
      showHidden: this.showHidden,
      depth: this.depth,
      colors: this.colors,
      customInspect: this.customInspect,
      showProxy: this.showProxy,
      maxArrayLength: this.maxArrayLength,
      maxStringLength: this.maxStringLength,
      breakLength: this.breakLength,
      compact: this.compact,
      sorted: this.sorted,
      getters: this.getters,
      numericSeparator: this.numericSeparator,
    };
  }
}

module.exports = { Context, defaultOptions };
