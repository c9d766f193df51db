// uuid: all versions, parsing, validation.
'use strict';
const uuid = require('uuid');

console.log(uuid.v5('hello', uuid.v5.DNS), uuid.v3('hello', uuid.v3.URL));
const random = Uint8Array.from({ length: 16 }, (_, n) => n * 7);
console.log(uuid.v4({ random }), uuid.v1({ node: [1, 2, 3, 4, 5, 6], clockseq: 0x1234, msecs: 1700000000000, nsecs: 5678 }));
console.log(uuid.v7({ msecs: 1700000000000, random, seq: 77 }), uuid.v6({ node: [1, 2, 3, 4, 5, 6], clockseq: 1, msecs: 1700000000000, nsecs: 1 }));
const ids = Array.from({ length: 5000 }, () => uuid.v4());
console.log(new Set(ids).size, ids.every((id) => uuid.validate(id) && uuid.version(id) === 4));
const ordered = Array.from({ length: 500 }, () => uuid.v7());
console.log([...ordered].sort().every((id, n) => id === ordered[n]));
console.log(uuid.parse('6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b'), uuid.NIL, uuid.MAX);
try { uuid.parse('nope'); } catch (error) { console.log(error.name, error.message); }
