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

/** Whether this is the thread of module hooks: what it was given is no program's. */
function isInternal() {
  return given?.kind === 'hooks';
}

module.exports = {
  begin,
  /** Whether a worker that this thread starts gets the hooks of `--experimental-loader`. */
  get startsHooks() {
    return given?.startsHooks !== false;
  },
  get isInternalThread() {
    return isInternal();
  },
  isMainThread: seat === undefined,
  threadId: seat === undefined ? 0 : seat[0],
  threadName: seat === undefined ? '' : seat[1],
  resourceLimits: seat === undefined ? {} : Object.fromEntries(LIMITS.map((name, i) => [name, seat[2][i]])),
  get parentPort() {
    return isInternal() ? null : (given?.publicPort ?? null);
  },
  get workerData() {
    return given === undefined || isInternal() ? null : given.workerData;
  },
};
