// Node's `worker_threads`: workers are not there yet; messages between ports are.
'use strict';

const { notYet } = require('internal/not_yet');
const { isMarkedAsUntransferable, markAsUntransferable } = require('internal/buffer/untransferable');
const { markAsUncloneable } = require('internal/transferable');
const { MessageChannel, MessagePort, moveMessagePortToContext, receiveMessageOnPort } = require('internal/messaging');
const { BroadcastChannel } = require('web/broadcast_channel');

module.exports = {
  isInternalThread: false,
  isMainThread: true,
  MessagePort,
  MessageChannel,
  markAsUncloneable,
  markAsUntransferable,
  isMarkedAsUntransferable,
  moveMessagePortToContext,
  receiveMessageOnPort,
  resourceLimits: {},
  threadId: 0,
  threadName: '',
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  parentPort: null,
  workerData: null,
  BroadcastChannel,
  ...notYet('worker_threads', ['Worker', 'getEnvironmentData', 'postMessageToThread', 'setEnvironmentData']),
};
