// winston: formats, levels, files, children, exceptions of transports.
'use strict';
const fs = require('fs');
const winston = require('winston');

const { combine, printf, splat, errors, json, colorize, simple } = winston.format;
const logger = winston.createLogger({
  level: 'debug',
  format: combine(errors({ stack: false }), splat(), json()),
  defaultMeta: { service: 'test' },
  transports: [
    new winston.transports.Console({ format: combine(colorize(), simple()) }),
    new winston.transports.File({ filename: 'all.log' }),
    new winston.transports.File({ filename: 'errors.log', level: 'error', format: printf((info) => `${info.level}: ${info.message}`) }),
  ],
});
logger.info('hello %s', 'you', { extra: [1, 2] });
logger.child({ request: 7 }).warn('child');
logger.error(new Error('went wrong'));
logger.silly('not shown');
logger.profile('work');
logger.on('finish', () => setImmediate(() => {
  const wait = setInterval(() => {
    if (!fs.existsSync('errors.log') || fs.readFileSync('all.log', 'utf8').trim().split('\n').length < 3) return;
    clearInterval(wait);
    console.log(fs.readFileSync('all.log', 'utf8') + fs.readFileSync('errors.log', 'utf8'));
  }, 5);
}));
logger.end();
