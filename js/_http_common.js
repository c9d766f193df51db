// Node's `_http_common`, which programs use for its parser.
'use strict';

const { HTTPParser } = require('internal/http/parser');

module.exports = { HTTPParser };
