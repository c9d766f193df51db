// `util.inspect` and `util.format`: text of any value for people to read.
'use strict';

const { validateObject } = require('internal/validators');
const { Context, defaultOptions } = require('internal/util/inspect/context');
const { colors, setPaletteOwner, styles, stylizeWithColor } = require('internal/util/inspect/styles');
const { customInspectSymbol, formatValue } = require('internal/util/inspect/value');

/**
 * Text of a value.
 * @param {*} value
 * @param {object|boolean} [opts] options as in `inspect.defaultOptions`, and `stylize(text, styleType)`; the
 *   older form is `inspect(value, showHidden, depth, colors)`
 * @returns {string}
 */
function inspect(value, opts) {
  const ctx = new Context();
  if (arguments.length > 1) {
    if (arguments.length > 2) {
      if (arguments[2] !== undefined) ctx.depth = arguments[2];
      if (arguments.length > 3 && arguments[3] !== undefined) ctx.colors = arguments[3];
    }
    if (typeof opts === 'boolean') ctx.showHidden = opts;
    else if (opts) ctx.assign(opts);
  }
  if (ctx.colors) ctx.stylize = stylizeWithColor;
  if (ctx.maxArrayLength === null) ctx.maxArrayLength = Infinity;
  if (ctx.maxStringLength === null) ctx.maxStringLength = Infinity;
  return formatValue(ctx, value, 0);
}
inspect.custom = customInspectSymbol;

Object.defineProperty(inspect, 'defaultOptions', {
  __proto__: null,
  get() {
    return defaultOptions;
  },
  set(options) {
    validateObject(options, 'options');
    return Object.assign(defaultOptions, options);
  },
});

inspect.colors = colors;
inspect.styles = styles;
setPaletteOwner(inspect);

module.exports = {
  inspect,
  ...require('internal/util/inspect/format'),
  ...require('internal/util/inspect/width'),
};
