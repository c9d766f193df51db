// `PerformanceResourceTiming`: entries of what was fetched.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INTERNAL_ASSERTION },
} = require('internal/errors');
const { kEnumerableProperty } = require('internal/util');
const { PerformanceEntry, kCreate } = require('internal/perf/performance_entry');

/** What is added to the size of a body for the headers that came with it. */
const HEADERS_SIZE = 300;

/** An entry of a fetched resource. */
class PerformanceResourceTiming extends PerformanceEntry {
  #timing;

  constructor(key = undefined, timing = undefined) {
    if (key !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super(kCreate, timing.name, 'resource', timing.startTime, timing.endTime - timing.startTime);
    this.#timing = timing;
  }

  get initiatorType() {
    return this.#timing.initiatorType;
  }

  get nextHopProtocol() {
    return this.#timing.connection?.ALPNNegotiatedProtocol;
  }

  get workerStart() {
    return this.#timing.finalServiceWorkerStartTime;
  }

  get redirectStart() {
    return this.#timing.redirectStartTime;
  }

  get redirectEnd() {
    return this.#timing.redirectEndTime;
  }

  get fetchStart() {
    return this.#timing.postRedirectStartTime;
  }

  get domainLookupStart() {
    return this.#timing.connection?.domainLookupStartTime;
  }

  get domainLookupEnd() {
    return this.#timing.connection?.domainLookupEndTime;
  }

  get connectStart() {
    return this.#timing.connection?.connectionStartTime;
  }

  get connectEnd() {
    return this.#timing.connection?.connectionEndTime;
  }

  get secureConnectionStart() {
    return this.#timing.connection?.secureConnectionStartTime;
  }

  get requestStart() {
    return this.#timing.finalNetworkRequestStartTime;
  }

  get finalResponseHeadersStart() {
    return this.#timing.finalNetworkResponseStartTime;
  }

  get firstInterimResponseStart() {
    return this.#timing.firstInterimNetworkResponseStartTime ?? 0;
  }

  get responseStart() {
    return this.firstInterimResponseStart || this.finalResponseHeadersStart;
  }

  get responseEnd() {
    return this.#timing.endTime;
  }

  get transferSize() {
    if (this.#timing.cacheMode === 'local') return 0;
    if (this.#timing.cacheMode === 'validated') return HEADERS_SIZE;
    return this.#timing.encodedBodySize + HEADERS_SIZE;
  }

  get encodedBodySize() {
    return this.#timing.encodedBodySize;
  }

  get decodedBodySize() {
    return this.#timing.decodedBodySize;
  }

  get deliveryType() {
    return this.#timing.deliveryType;
  }

  get responseStatus() {
    return this.#timing.responseStatus;
  }

  get renderBlockingStatus() {
    return 'non-blocking';
  }

  get contentType() {
    return this.#timing.bodyInfo?.contentType ?? '';
  }

  get contentEncoding() {
    return this.#timing.bodyInfo?.contentEncoding ?? '';
  }

  toJSON() {
    const json = super.toJSON();
    for (const name of SHOWN) json[name] = this[name];
    return json;
  }
}

const SHOWN = [
  'initiatorType', 'nextHopProtocol', 'workerStart', 'redirectStart', 'redirectEnd', 'fetchStart',
  'domainLookupStart', 'domainLookupEnd', 'connectStart', 'connectEnd', 'secureConnectionStart', 'requestStart',
  'finalResponseHeadersStart', 'firstInterimResponseStart', 'responseStart', 'responseEnd', 'transferSize',
  'encodedBodySize', 'decodedBodySize', 'deliveryType', 'responseStatus', 'renderBlockingStatus', 'contentType',
  'contentEncoding',
];
for (const name of SHOWN) Object.defineProperty(PerformanceResourceTiming.prototype, name, kEnumerableProperty);
Object.defineProperties(PerformanceResourceTiming.prototype, {
  toJSON: kEnumerableProperty,
  [Symbol.toStringTag]: { configurable: true, value: 'PerformanceResourceTiming' },
});

/**
 * @param {object} timing  times of the Fetch standard
 * @param {string} url
 * @param {string} initiatorType
 * @param {object} global
 * @param {'' | 'local'} cacheMode
 * @param {object} [bodyInfo]
 * @param {number} [responseStatus]
 * @param {string} [deliveryType]
 * @returns {PerformanceResourceTiming}
 */
function makeResourceTiming(timing, url, initiatorType, global, cacheMode, bodyInfo, responseStatus, deliveryType = '') {
  if (cacheMode !== '' && cacheMode !== 'local') {
    throw new ERR_INTERNAL_ASSERTION("cache must be an empty string or 'local'");
  }
  return new PerformanceResourceTiming(kCreate, {
    ...timing,
    name: url,
    initiatorType,
    cacheMode,
    bodyInfo,
    responseStatus,
    deliveryType,
    connection: timing.finalConnectionTimingInfo,
  });
}

module.exports = { PerformanceResourceTiming, makeResourceTiming };
