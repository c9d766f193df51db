// Node's `assert`: assertion functions that throw an `AssertionError` which shows what was wrong.

'use strict';

const {
  codes: { ERR_CONSTRUCT_CALL_REQUIRED, ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS },
} = require('internal/errors');
const { isError } = require('internal/util');
const { validateOneOf } = require('internal/validators');

const types = internalBinding('types');

const kOptions = Symbol('options');

const lazy = {
  get AssertionError() {
    return define(this, 'AssertionError', require('internal/assert/assertion_error').AssertionError);
  },
  get comparisons() {
    return define(this, 'comparisons', require('internal/util/comparisons'));
  },
  get exceptions() {
    return define(this, 'exceptions', require('internal/assert/exceptions'));
  },
};
