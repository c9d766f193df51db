// minimist: flags, aliases, numbers, what follows a double dash.
'use strict';
const minimist = require('minimist');

console.log(minimist(['-abc', '--x=3', '--no-y', '-n5', 'file', '--s', '007', '--deep.a.b', '1', '--', '--raw', 'z'], { string: ['s'], alias: { n: 'number' }, default: { d: 1 }, '--': true }));
console.log(minimist(['--v', '--v', '--flag', 'stays', '-', '-z', 'q', '--__proto__.bad', '1'], { boolean: ['v', 'flag'], stopEarly: false }), {}.bad);
console.log(minimist(['--known', '--unknown', '1'], { boolean: 'known', unknown: (name) => { console.log('unknown', name); return false; } }));
