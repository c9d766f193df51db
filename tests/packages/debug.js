// debug: namespaces, formatters, enabling and the environment.
'use strict';
process.env.DEBUG = 'app:*,-app:quiet';
process.env.DEBUG_HIDE_DATE = 'yes';
const debug = require('debug');

const lines = [];
debug.log = (...args) => lines.push(require('util').format(...args).replace(/\+\d+ms/, '+<ms>'));
const http = debug('app:http');
http('hello %s %d %o %j', 'you', 3, { a: [1] }, { b: 2 });
debug('app:quiet')('never');
debug('other')('never');
const child = http.extend('deep');
child(new Error('shown').message);
debug.enable('other');
debug('other')('now %O', new Map([[1, 2]]));
console.log(http.enabled, child.enabled, debug.enabled('app:http'), debug.disable());
console.log(lines.join('\n'));
