// What this thread knows of itself, be it a worker or not.
'use strict';

const binding = internalBinding('worker');

const LIMITS = ['maxYoungGenerationSizeMb', 'maxOldGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'];
const seat = binding.seat();

/** What the thread that has started this one has sent. */
let given;

/** Takes over what the parent has sent. */
function begin(message) {
  given = message;
}

module.exports = {
  begin,
  isMainThread: seat === undefined,
  threadId: seat === undefined ? 0 : seat[0],
  threadName: seat === undefined ? '' : seat[1],
  resourceLimits: seat === undefined ? {} : Object.fromEntries(LIMITS.map((name, i) => [name, seat[2][i]])),
  get parentPort() {
    return given?.publicPort ?? null;
  },
  get workerData() {
    return given === undefined ? null : given.workerData;
  },
};
