// Colours and styles of `util.inspect`: the ANSI codes, the table of styles and the two stylers.
'use strict';

const DEFAULT_FOREGROUND = 39;
const DEFAULT_BACKGROUND = 49;

/**
 * ANSI codes by name, `[code that switches on, code that switches off]`. `util.inspect.colors` is
 * this object; aliases are not enumerable and share the value of the name they stand for.
 */
const colors = {
  __proto__: null,
  reset: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  blink: [5, 25],
  inverse: [7, 27],
  hidden: [8, 28],
  strikethrough: [9, 29],
  doubleunderline: [21, 24],
  black: [30, DEFAULT_FOREGROUND],
  red: [31, DEFAULT_FOREGROUND],
  green: [32, DEFAULT_FOREGROUND],
  yellow: [33, DEFAULT_FOREGROUND],
  blue: [34, DEFAULT_FOREGROUND],
  magenta: [35, DEFAULT_FOREGROUND],
  cyan: [36, DEFAULT_FOREGROUND],
  white: [37, DEFAULT_FOREGROUND],
  bgBlack: [40, DEFAULT_BACKGROUND],
  bgRed: [41, DEFAULT_BACKGROUND],
  bgGreen: [42, DEFAULT_BACKGROUND],
  bgYellow: [43, DEFAULT_BACKGROUND],
  bgBlue: [44, DEFAULT_BACKGROUND],
  bgMagenta: [45, DEFAULT_BACKGROUND],
  bgCyan: [46, DEFAULT_BACKGROUND],
  bgWhite: [47, DEFAULT_BACKGROUND],
  framed: [51, 54],
  overlined: [53, 55],
  gray: [90, DEFAULT_FOREGROUND],
  redBright: [91, DEFAULT_FOREGROUND],
  greenBright: [92, DEFAULT_FOREGROUND],
  yellowBright: [93, DEFAULT_FOREGROUND],
  blueBright: [94, DEFAULT_FOREGROUND],
  magentaBright: [95, DEFAULT_FOREGROUND],
  cyanBright: [96, DEFAULT_FOREGROUND],
  whiteBright: [97, DEFAULT_FOREGROUND],
  bgGray: [100, DEFAULT_BACKGROUND],
  bgRedBright: [101, DEFAULT_BACKGROUND],
  bgGreenBright: [102, DEFAULT_BACKGROUND],
  bgYellowBright: [103, DEFAULT_BACKGROUND],
  bgBlueBright: [104, DEFAULT_BACKGROUND],
  bgMagentaBright: [105, DEFAULT_BACKGROUND],
  bgCyanBright: [106, DEFAULT_BACKGROUND],
  bgWhiteBright: [107, DEFAULT_BACKGROUND],
};

const colorAliases = [
  ['grey', 'gray'],
  ['blackBright', 'gray'],
  ['bgGrey', 'bgGray'],
  ['bgBlackBright', 'bgGray'],
  ['faint', 'dim'],
  ['crossedout', 'strikethrough'],
  ['strikeThrough', 'strikethrough'],
  ['crossedOut', 'strikethrough'],
  ['conceal', 'hidden'],
  ['swapColors', 'inverse'],
  ['swapcolors', 'inverse'],
  ['doubleUnderline', 'doubleunderline'],
];

for (const [alias, target] of colorAliases) {
  Object.defineProperty(colors, alias, {
    __proto__: null,
    get() { return this[target]; },
    set(value) { this[target] = value; },
    configurable: true,
    enumerable: false,
  });
}

/**
 * Colours a regular expression token by token; `highlightRegExp.colors` is its palette.
 * @param {string} source the text `/pattern/flags`
 * @returns {string}
 */
function highlightRegExp(source) {
  const { highlight } = require('internal/util/inspect/regexp_highlight');
  return highlight(source, highlightRegExp.colors, palette.colors);
}
highlightRegExp.colors = ['green', 'red', 'yellow', 'cyan', 'magenta'];

/**
 * Which colour (a name in `colors`, or a function that styles the text itself) each kind of value has.
 * `util.inspect.styles` is this object.
 */
const styles = {
  __proto__: null,
  special: 'cyan',
  number: 'yellow',
  bigint: 'yellow',
  boolean: 'yellow',
  undefined: 'grey',
  null: 'bold',
  string: 'green',
  symbol: 'green',
  date: 'magenta',
  regexp: highlightRegExp,
  module: 'underline',
};

/**
 * Where the stylers look the tables up: `inspect` itself once it exists, since programs may replace
 * `inspect.colors` and `inspect.styles`.
 */
let palette = { colors, styles };

/** @param {{colors: object, styles: object}} owner the object whose tables count from now on */
function setPaletteOwner(owner) {
  palette = owner;
}

/**
 * The styler of `colors: true`.
 * @param {string} str
 * @param {string} styleType a key of `inspect.styles`
 * @returns {string}
 */
function stylizeWithColor(str, styleType) {
  const style = palette.styles[styleType];
  if (style === undefined) return str;
  if (typeof style === 'function') return style(str);
  const color = palette.colors[style];
  return color === undefined ? str : `\u001b[${color[0]}m${str}\u001b[${color[1]}m`;
}

/**
 * The styler of `colors: false`.
 * @param {string} str
 * @returns {string}
 */
function stylizeNoColor(str) {
  return str;
}

module.exports = { colors, styles, setPaletteOwner, stylizeWithColor, stylizeNoColor };
