// `performance.nodeTiming`: when the stages of the runtime's life began.
'use strict';

const { customInspectSymbol } = require('internal/util');
const { now } = require('internal/perf/utils');
const { PerformanceEntry } = require('internal/perf/performance_entry');

const binding = internalBinding('perf_hooks');

/** The stages as the native half numbers them. */
const stages = {
  nodeStart: 0,
  v8Start: 1,
  environment: 2,
  bootstrapComplete: 3,
  loopStart: 4,
  loopExit: 5,
};

/** Those names of marks that stand for a stage. */
const isStage = (name) => Object.hasOwn(stages, name);

/**
 * @param {keyof typeof stages} name
 * @returns {number} when the stage began, in milliseconds; -1 where it has not
 */
function stageTime(name) {
  return binding.stage(stages[name]);
}

function stageGetter(name) {
  return { configurable: true, enumerable: true, get: () => stageTime(name) };
}

class PerformanceNodeTiming {
  constructor() {
    Object.defineProperties(this, {
      name: { configurable: true, enumerable: true, value: 'node' },
      entryType: { configurable: true, enumerable: true, value: 'node' },
      startTime: { configurable: true, enumerable: true, value: 0 },
      duration: { configurable: true, enumerable: true, get: now },
      nodeStart: stageGetter('nodeStart'),
      v8Start: stageGetter('v8Start'),
      environment: stageGetter('environment'),
      loopStart: stageGetter('loopStart'),
      loopExit: stageGetter('loopExit'),
      bootstrapComplete: stageGetter('bootstrapComplete'),
      idleTime: { configurable: true, enumerable: true, get: binding.loopIdleTime },
      uvMetricsInfo: {
        configurable: true,
        enumerable: true,
        get() {
          const [loopCount, events, eventsWaiting] = binding.loopMetrics();
          return { loopCount, events, eventsWaiting };
        },
      },
    });
  }

  toJSON() {
    return {
      name: 'node',
      entryType: 'node',
      startTime: this.startTime,
      duration: this.duration,
      nodeStart: this.nodeStart,
      v8Start: this.v8Start,
      bootstrapComplete: this.bootstrapComplete,
      environment: this.environment,
      loopStart: this.loopStart,
      loopExit: this.loopExit,
      idleTime: this.idleTime,
    };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `PerformanceNodeTiming ${inspect(this.toJSON(), inner)}`;
  }
}

Object.setPrototypeOf(PerformanceNodeTiming, PerformanceEntry);
Object.setPrototypeOf(PerformanceNodeTiming.prototype, PerformanceEntry.prototype);

module.exports = { PerformanceNodeTiming, isStage, stageTime };
