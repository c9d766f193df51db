// `util.parseArgs`: splits a command line into tokens, checks them, and collects values and positionals.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_VALUE,
    ERR_PARSE_ARGS_INVALID_OPTION_VALUE,
    ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL,
    ERR_PARSE_ARGS_UNKNOWN_OPTION,
  },
} = require('internal/errors');
const {
  validateArray,
  validateBoolean,
  validateBooleanArray,
  validateObject,
  validateString,
  validateStringArray,
  validateUnion,
} = require('internal/validators');

/** An own property; what is inherited does not configure anything. */
function getOwn(object, key) {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The arguments of the program itself. */
function getMainArgs() {
  // With --eval there is no script name after the executable.
  const isEval = require('internal/options').getOptionValue('--eval') !== undefined;
  return process.argv.slice(isEval ? 1 : 2);
}

function isStringOption(options, name) {
  return Object.hasOwn(options, name) && getOwn(options[name], 'type') === 'string';
}

/** The long name of a short option; the short one itself when no option has it. */
function findLongName(short, options) {
  for (const name of Object.keys(options)) {
    if (getOwn(options[name], 'short') === short) return name;
  }
  return short;
}

/** Splits `-abc` into `-a`, `-b`, `-c`, or into `-a` and `-bc` where `b` takes the rest as its value. */
function expandGroup(group, options) {
  const expanded = [];
  for (let i = 1; i < group.length; i++) {
    const takesRest = i < group.length - 1 && isStringOption(options, findLongName(group[i], options));
    if (takesRest) {
      expanded.push(`-${group.slice(i)}`);
      break;
    }
    expanded.push(`-${group[i]}`);
  }
  return expanded;
}

function optionToken(name, rawName, index, value, inlineValue) {
  return { kind: 'option', name, rawName, index, value, inlineValue };
}

/** Turns arguments into tokens, by what the options say of values. */
function tokenize(args, options) {
  const tokens = [];
  const rest = args.slice();
  let index = -1;
  let expandedCount = 0;

  /** An option that stands alone, with the next argument as its value when it takes one. */
  function pushAlone(name, rawName) {
    if (!isStringOption(options, name) || rest[0] == null) {
      tokens.push(optionToken(name, rawName, index, undefined, undefined));
      return;
    }
    tokens.push(optionToken(name, rawName, index, rest.shift(), false));
    if (expandedCount > 0) expandedCount--;
    else index++;
  }

  while (rest.length > 0) {
    const arg = rest.shift();
    // What a group was split into shares the group's index.
    if (expandedCount > 0) expandedCount--;
    else index++;

    if (arg === '--') {
      tokens.push({ kind: 'option-terminator', index });
      for (const value of rest) tokens.push({ kind: 'positional', index: ++index, value });
      break;
    }
    if (!(arg.length > 1) || arg[0] !== '-') {
      tokens.push({ kind: 'positional', index, value: arg });
    } else if (arg[1] !== '-') {
      const name = findLongName(arg[1], options);
      if (arg.length === 2) {
        const ownIndex = index;
        pushAlone(name, arg);
        tokens[tokens.length - 1].index = ownIndex;
      } else if (isStringOption(options, name)) {
        tokens.push(optionToken(name, arg.slice(0, 2), index, arg.slice(2), true));
      } else {
        const expanded = expandGroup(arg, options);
        rest.unshift(...expanded);
        expandedCount += expanded.length;
      }
    } else {
      const equals = arg.indexOf('=', 3);
      if (equals === -1) {
        pushAlone(arg.slice(2), arg);
      } else {
        const rawName = arg.slice(0, equals);
        tokens.push(optionToken(rawName.slice(2), rawName, index, arg.slice(equals + 1), true));
      }
    }
  }
  return tokens;
}

/** Refuses `--foo -x` where `-x` may have been meant as another option. */
function checkAmbiguousValue({ name, rawName, value, inlineValue }) {
  if (inlineValue || value == null || value.length < 2 || value[0] !== '-') return;
  const example = rawName.startsWith('--') ?
    `'${rawName}=-XYZ'` :
    `'--${name}=-XYZ' or '${rawName}-XYZ'`;
  throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(
    `Option '${rawName}' argument is ambiguous.\n` +
    `Did you forget to specify the option argument for '${rawName}'?\n` +
    `To specify an option argument starting with a dash use ${example}.`);
}

/** Refuses unknown options, values of booleans, and strings without a value. */
function checkUsage(token, { options, allowPositionals, allowNegative }) {
  let { name } = token;
  if (!Object.hasOwn(options, name)) {
    const isNegated = allowNegative && name.startsWith('no-');
    name = isNegated ? name.slice(3) : name;
    if (!isNegated || !Object.hasOwn(options, name) || getOwn(options[name], 'type') !== 'boolean') {
      throw new ERR_PARSE_ARGS_UNKNOWN_OPTION(token.rawName, allowPositionals);
    }
  }
  const short = getOwn(options[name], 'short');
  const shown = `${short ? `-${short}, ` : ''}--${name}`;
  const type = getOwn(options[name], 'type');
  if (type === 'string' && typeof token.value !== 'string') {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown} <value>' argument missing`);
  }
  if (type === 'boolean' && token.value != null) {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown}' does not take an argument`);
  }
}

/** Adds the value of an option to `values`; `--no-foo` becomes a false `foo` where that is allowed. */
function storeOption(token, { options, allowNegative }, values) {
  let value = token.value ?? true;
  if (allowNegative && token.value === undefined && token.name.startsWith('no-')) {
    token.name = token.name.slice(3);
    value = false;
  }
  const { name } = token;
  if (name === '__proto__') return;
  if (Object.hasOwn(options, name) && options[name].multiple) {
    values[name] ??= [];
    values[name].push(value);
  } else {
    values[name] = value;
  }
}

function defaultValidator(type, multiple) {
  if (type === 'string') return multiple ? validateStringArray : validateString;
  return multiple ? validateBooleanArray : validateBoolean;
}

function validateOption(config, path) {
  validateObject(config, path);

  const type = getOwn(config, 'type');
  validateUnion(type, `${path}.type`, ['string', 'boolean']);

  if (Object.hasOwn(config, 'short')) {
    validateString(config.short, `${path}.short`);
    if (config.short.length !== 1) {
      throw new ERR_INVALID_ARG_VALUE(`${path}.short`, config.short, 'must be a single character');
    }
  }

  const multiple = getOwn(config, 'multiple');
  if (Object.hasOwn(config, 'multiple')) validateBoolean(multiple, `${path}.multiple`);

  const defaultValue = getOwn(config, 'default');
  if (defaultValue !== undefined) defaultValidator(type, multiple)(defaultValue, `${path}.default`);
}

function readConfig(config) {
  const args = getOwn(config, 'args') ?? getMainArgs();
  const strict = getOwn(config, 'strict') ?? true;
  const allowPositionals = getOwn(config, 'allowPositionals') ?? !strict;
  const returnTokens = getOwn(config, 'tokens') ?? false;
  const allowNegative = getOwn(config, 'allowNegative') ?? false;
  const options = getOwn(config, 'options') ?? { __proto__: null };

  validateArray(args, 'args');
  validateBoolean(strict, 'strict');
  validateBoolean(allowPositionals, 'allowPositionals');
  validateBoolean(returnTokens, 'tokens');
  validateBoolean(allowNegative, 'allowNegative');
  validateObject(options, 'options');
  for (const name of Object.keys(options)) validateOption(options[name], `options.${name}`);

  return { args, strict, allowPositionals, returnTokens, allowNegative, options };
}

/**
 * Parses command line arguments.
 * @param {{ args?: string[], strict?: boolean, allowPositionals?: boolean, allowNegative?: boolean,
 *   tokens?: boolean, options?: Record<string, { type: 'string' | 'boolean', short?: string,
 *   multiple?: boolean, default?: string | boolean | string[] | boolean[] }> }} [config]
 * @returns {{ values: object, positionals: string[], tokens?: object[] }}
 */
function parseArgs(config = { __proto__: null }) {
  const settings = readConfig(config);
  const { args, strict, allowPositionals, returnTokens, options } = settings;
  const tokens = tokenize(args, options);

  const result = { values: { __proto__: null }, positionals: [] };
  if (returnTokens) result.tokens = tokens;

  for (const token of tokens) {
    if (token.kind === 'option') {
      if (strict) {
        checkUsage(token, settings);
        checkAmbiguousValue(token);
      }
      storeOption(token, settings, result.values);
    } else if (token.kind === 'positional') {
      if (!allowPositionals) throw new ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(token.value);
      result.positionals.push(token.value);
    }
  }

  for (const name of Object.keys(options)) {
    const value = getOwn(options[name], 'default');
    if (value !== undefined && name !== '__proto__') result.values[name] ??= value;
  }
  return result;
}

module.exports = { parseArgs };
