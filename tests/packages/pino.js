// pino: levels, children, serializers, redaction, its own thread for transports.
'use strict';
const fs = require('fs');
const pino = require('pino');

const lines = [];
const base = { base: null, timestamp: false };
const logger = pino({ ...base, level: 'trace', redact: ['user.password', 'list[*].key'], serializers: { error: (e) => ({ type: e.name, message: e.message }) } },
  { write: (line) => lines.push(line) });
logger.info({ user: { name: 'ann', password: 'x' }, list: [{ key: 1 }, { key: 2 }] }, 'hi %s', 'there');
logger.child({ part: 'db' }, { level: 'warn' }).info('not shown');
logger.child({ part: 'db' }).error({ error: new TypeError('bad') });
logger.trace({ big: 12n, circular: (() => { const o = {}; o.o = o; return o; })() }, 'odd');
console.log(lines.join(''), pino.levels.labels);

const file = pino({ ...base }, pino.destination({ dest: './sync.log', sync: true }));
file.warn('into a file');
console.log(fs.readFileSync('sync.log', 'utf8'));

const transport = pino.transport({ target: 'pino/file', options: { destination: './thread.log' } });
const threaded = pino({ ...base }, transport);
const alive = setInterval(() => {}, 1000);
transport.on('ready', () => {
  for (let n = 0; n < 1000; n++) threaded.info({ n }, 'threaded');
  transport.end();
});
transport.on('close', () => {
  clearInterval(alive);
  const written = fs.readFileSync('thread.log', 'utf8').trim().split('\n');
  console.log(written.length, written[0], written[999]);
});
