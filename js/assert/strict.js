// Node's `assert/strict`: `assert` in which `equal` is `strictEqual` and so on.

'use strict';

module.exports = require('assert').strict;
