// Node's `cluster`: not there yet, but for what a process knows that was not forked by one.
'use strict';

const EventEmitter = require('events');
const { notYet } = require('internal/not_yet');

module.exports = Object.assign(new EventEmitter(), {
  isWorker: false,
  isMaster: true,
  isPrimary: true,
  workers: {},
  settings: {},
  SCHED_NONE: 1,
  SCHED_RR: 2,
  schedulingPolicy: 2,
  ...notYet('cluster', ['Worker', 'disconnect', 'fork', 'setupMaster', 'setupPrimary']),
});
