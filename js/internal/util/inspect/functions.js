// Text of functions and classes: `[Function: name]`, `[class A extends B]`.
'use strict';

const kinds = require('internal/util/inspect/kinds');

const { getPrototypeOf } = Object;
const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);
const sourceOf = Function.prototype.call.bind(Function.prototype.toString);

const COMMENTS = /\/\/[^\n]*\n|\/\*[^]*?\*\//g;
// After the word `class`: a heading without parentheses, which methods called `class` do not have.
// A comment counts as a word, so that one right behind `class` does not pass for white space.
const CLASS_HEADING = /^\s+[^(]*?\{/;
const COMMENT_AS_WORD = '_';

const typeNames = {
  [kinds.FUNCTION]: 'Function',
  [kinds.ASYNC_FUNCTION]: 'AsyncFunction',
  [kinds.GENERATOR_FUNCTION]: 'GeneratorFunction',
  [kinds.ASYNC_GENERATOR_FUNCTION]: 'AsyncGeneratorFunction',
};

function isClass(value) {
  const source = sourceOf(value);
  if (!source.startsWith('class') || !source.endsWith('}')) return false;
  const rest = source.slice('class'.length, -1);
  const brace = rest.indexOf('{');
  if (brace === -1) return false;
  return !rest.slice(0, brace).includes('(') || CLASS_HEADING.test(rest.replace(COMMENTS, COMMENT_AS_WORD));
}

function describeClass(value, constructor, tag) {
  const name = (hasOwn(value, 'name') && value.name) || '(anonymous)';
  let text = `[class ${name}`;
  if (constructor !== 'Function' && constructor !== null) text += ` [${constructor}]`;
  if (tag !== '' && tag !== constructor) text += ` [${tag}]`;
  if (constructor === null) return `${text} extends [null prototype]]`;
  const parent = getPrototypeOf(value).name;
  return parent ? `${text} extends ${parent}]` : `${text}]`;
}

/**
 * @param {object} ctx the inspection's context
 * @param {Function} value
 * @param {number} kind one of the function kinds
 * @param {?string} constructor
 * @param {string} tag
 * @returns {string}
 */
function describeFunction(ctx, value, kind, constructor, tag) {
  if (isClass(value)) return describeClass(value, constructor, tag);
  const type = typeNames[kind];
  let text = `[${type}`;
  if (constructor === null) text += ' (null prototype)';
  const { name } = value;
  if (name === '') {
    text += ' (anonymous)]';
  } else if (typeof name === 'string') {
    text += `: ${name}]`;
  } else {
    text += `: ${require('internal/util/inspect/value').formatValue(ctx, name, NaN)}]`;
  }
  if (constructor !== type && constructor !== null) text += ` ${constructor}`;
  if (tag !== '' && tag !== constructor) text += ` [${tag}]`;
  return text;
}

module.exports = { describeFunction };
