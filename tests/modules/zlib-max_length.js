// How long outputs of `zlib` may be is what `buffer.kMaxLength` was when the program loaded it.
'use strict';
const assert = require('assert');
const buffer = require('buffer');
const { kMaxLength } = buffer;

buffer.kMaxLength = 64;
const zlib = require('zlib');
buffer.kMaxLength = kMaxLength;

const long = zlib.gzipSync(Buffer.alloc(1000), { maxOutputLength: 64 });
assert.throws(() => zlib.gunzipSync(long), { code: 'ERR_BUFFER_TOO_LARGE' });
assert.throws(() => new zlib.Gunzip({ maxOutputLength: 65 }), { code: 'ERR_OUT_OF_RANGE' });
