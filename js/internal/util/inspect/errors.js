// Text of errors: the stack with a heading that names the class, the cause, the errors of an aggregate.
'use strict';

const binding = internalBinding('inspect');
const kinds = require('internal/util/inspect/kinds');
const { getPrefix } = require('internal/util/inspect/constructor_name');

const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);
const isPrototypeOf = Function.prototype.call.bind(Object.prototype.isPrototypeOf);
const errorToString = Function.prototype.call.bind(Error.prototype.toString);
const objectToString = Function.prototype.call.bind(Object.prototype.toString);
const errorPrototype = Error.prototype;

const FRAME_START = '\n    at';
// What a stack without a class to rely on may begin with: words up to a colon or the first frame, or
// nothing but a name that ends with Error.
const HEADING_WORDS = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n\s+at)/;
const LONE_ERROR_NAME = /^([a-z_A-Z0-9-]*Error)$/;

/**
 * Whether an object that is not an error of the engine inherits from this realm's `Error`.
 * @param {object} value
 * @returns {boolean}
 */
function isErrorInstance(value) {
  return isPrototypeOf(errorPrototype, value);
}

function isError(value) {
  return typeof value === 'object' && value !== null &&
    (binding.classify(value) === kinds.ERROR || isErrorInstance(value));
}

/** The property, or undefined if reading it throws. */
function read(error, name) {
  try {
    return error[name];
  } catch {
    return undefined;
  }
}

/** V8 tells the stack of an error to the error alone, not to objects that have it as their prototype. */
function getInheritedStack(error) {
  for (let proto = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
    if (binding.classify(proto) === kinds.ERROR) return read(proto, 'stack');
  }
  return undefined;
}

/**
 * The error's stack; what a program has put there instead of text is shown as a frame.
 * @throws whatever `name` and `message` throw, if there is no stack
 */
function getStack(ctx, error) {
  const stack = read(error, 'stack') ?? getInheritedStack(error);
  if (!stack) return errorToString(error);
  if (typeof stack === 'string') return stack;
  ctx.seen.push(error);
  ctx.indentation += 4;
  const text = require('internal/util/inspect/value').formatValue(ctx, stack, NaN);
  ctx.indentation -= 4;
  ctx.seen.pop();
  return `${errorToString(error)}\n    ${text}`;
}

/** Takes out of `keys` what the stack tells already. */
function removeKeysInStack(error, stack, keys) {
  const stackIndex = keys.indexOf('stack');
  if (stackIndex !== -1) keys.splice(stackIndex, 1);
  for (const name of ['name', 'message']) {
    const index = keys.indexOf(name);
    if (index === -1) continue;
    try {
      const value = error[name];
      if (typeof value !== 'string' || stack.includes(value)) keys.splice(index, 1);
    } catch {
      // Its accessor is listed.
    }
  }
}

/** Adds the properties that belong to an error although they are not enumerable. */
function addErrorKeys(error, keys) {
  if (hasOwn(error, 'cause') && !keys.includes('cause')) keys.push('cause');
  if (!hasOwn(error, 'errors') || keys.includes('errors')) return;
  if (Array.isArray(read(error, 'errors'))) keys.push('errors');
}

/** The name that the heading of the stack begins with, or '' if it begins with none. */
function getHeadingName(stack) {
  const match = HEADING_WORDS.exec(stack) ?? LONE_ERROR_NAME.exec(stack);
  return match === null ? '' : match[1];
}

/** Makes the heading name the class and the tag: `Foo [RangeError]: message`. */
function nameClassInHeading(stack, error, constructor, tag) {
  const name = read(error, 'name') ?? 'Error';
  if (typeof name !== 'string') {
    const className = getPrefix(constructor, tag, 'Error').slice(0, -1);
    return stack.replace(`${name}`, () => `${name} [${className}]`);
  }
  let { length } = name;
  let implied = 'Error';
  if (constructor === null) {
    implied = getHeadingName(stack);
    ({ length } = implied);
    implied ||= 'Error';
  } else {
    const next = stack[length];
    const beginsWithName = stack.startsWith(name) && (next === undefined || next === ':' || next === '\n');
    if (!name.endsWith('Error') || !beginsWithName) return stack;
  }
  const className = getPrefix(constructor, tag, implied).slice(0, -1);
  if (className === name) return stack;
  if (!className.includes(name)) return `${className} [${name}]${stack.slice(length)}`;
  return length === 0 ? `${className}: ${stack}` : `${className}${stack.slice(length)}`;
}

/**
 * @param {object} ctx the inspection's context
 * @param {Error} error
 * @param {?string} constructor
 * @param {string} tag
 * @param {Array<string|symbol>} keys the error's properties, adjusted to what the text leaves to be listed
 * @returns {string}
 */
function formatError(ctx, error, constructor, tag, keys) {
  let stack;
  try {
    stack = getStack(ctx, error);
  } catch {
    return objectToString(error);
  }
  if (!ctx.showHidden && keys.length !== 0) removeKeysInStack(error, stack, keys);
  addErrorKeys(error, keys);
  stack = nameClassInHeading(stack, error, constructor, tag);

  const message = read(error, 'message');
  const messageStart = message ? stack.indexOf(message) : -1;
  const framesStart = stack.indexOf(FRAME_START, messageStart > 0 ? messageStart + message.length : 0);
  if (framesStart === -1) {
    stack = `[${stack}]`;
  } else {
    const { formatFrames } = require('internal/util/inspect/stack_frames');
    const frames = formatFrames(ctx, stack.slice(framesStart + 1), getCauseFrames(ctx, error));
    stack = `${stack.slice(0, framesStart)}\n${frames}`;
  }
  return ctx.indentation === 0 ? stack : stack.replaceAll('\n', `\n${' '.repeat(ctx.indentation)}`);
}

function getCauseFrames(ctx, error) {
  const cause = read(error, 'cause');
  if (!isError(cause)) return undefined;
  let stack;
  try {
    stack = getStack(ctx, cause);
  } catch {
    return undefined;
  }
  const start = stack.indexOf(FRAME_START);
  return start === -1 ? undefined : stack.slice(start + 1).split('\n');
}

module.exports = { isErrorInstance, formatError };
