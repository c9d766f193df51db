// Node's `zlib`: gzip, deflate, Brotli and Zstandard. The start-up snapshot of large programs has what it exports; what
// programs may influence before they load it is read here.
'use strict';

const { kMaxLength } = require('buffer');

require('internal/zlib/base').setLongest(kMaxLength);

module.exports = require('internal/zlib/exports');
