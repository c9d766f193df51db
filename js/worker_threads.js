// Node's `worker_threads`: threads with JavaScript of their own, and messages between them.
'use strict';

const { isMarkedAsUntransferable, markAsUntransferable } = require('internal/buffer/untransferable');
const { markAsUncloneable } = require('internal/transferable');
const { MessageChannel, MessagePort, moveMessagePortToContext, receiveMessageOnPort } = require('internal/messaging');
const { BroadcastChannel } = require('web/broadcast_channel');
const current = require('internal/worker/current');
const { SHARE_ENV, Worker } = require('internal/worker/worker');
const { postMessageToThread } = require('internal/worker/post');
const { locks } = require('web/locks');
const { getEnvironmentData, setEnvironmentData } = require('internal/worker/environment_data');

module.exports = {
  isInternalThread: current.isInternalThread,
  isMainThread: current.isMainThread,
  MessagePort,
  MessageChannel,
  markAsUncloneable,
  markAsUntransferable,
  isMarkedAsUntransferable,
  moveMessagePortToContext,
  receiveMessageOnPort,
  resourceLimits: current.resourceLimits,
  postMessageToThread,
  threadId: current.threadId,
  threadName: current.threadName,
  SHARE_ENV,
  Worker,
  parentPort: current.parentPort,
  workerData: current.workerData,
  BroadcastChannel,
  setEnvironmentData,
  getEnvironmentData,
  locks,
};
