// Node's `worker_threads`: not there yet, but for what the main thread knows of itself.
'use strict';

const { notYet } = require('internal/not_yet');

module.exports = {
  isInternalThread: false,
  isMainThread: true,
  parentPort: null,
  resourceLimits: {},
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  threadId: 0,
  threadName: '',
  workerData: null,
  ...notYet('worker_threads', [
    'BroadcastChannel', 'MessageChannel', 'MessagePort', 'Worker', 'getEnvironmentData', 'isMarkedAsUntransferable',
    'markAsUncloneable', 'markAsUntransferable', 'moveMessagePortToContext', 'postMessageToThread',
    'receiveMessageOnPort', 'setEnvironmentData',
  ]),
};
