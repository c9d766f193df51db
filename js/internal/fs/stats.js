// What `stat` and `statfs` give: `Stats`, `BigIntStats` and `StatFs`, with dates made when they are read.
'use strict';

const { codes: { ERR_NO_TEMPORAL } } = require('internal/errors');

const {
  S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK,
} = internalBinding('constants').fs;

const kNsPerMs = 1e6;
const kNsPerMsBig = 10n ** 6n;
const kNsPerSecBig = 10n ** 9n;

const times = ['atime', 'mtime', 'ctime', 'birthtime'];

/** The nanoseconds within the second of a time, which `atimeMs` and its like cannot hold exactly. */
const kPartialNs = {
  atime: Symbol('partialAtimeNs'),
  mtime: Symbol('partialMtimeNs'),
  ctime: Symbol('partialCtimeNs'),
  birthtime: Symbol('kPartialBirthtimeNs'),
};
const {
  atime: kAtimeNs,
  mtime: kMtimeNs,
  ctime: kCtimeNs,
  birthtime: kBirthtimeNs,
} = kPartialNs;

function StatsBase(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks) {
  this.dev = dev;
  this.mode = mode;
  this.nlink = nlink;
  this.uid = uid;
  this.gid = gid;
  this.rdev = rdev;
  this.blksize = blksize;
  this.ino = ino;
  this.size = size;
  this.blocks = blocks;
}

StatsBase.prototype.isDirectory = function() {
  return this._checkModeProperty(S_IFDIR);
};

StatsBase.prototype.isFile = function() {
  return this._checkModeProperty(S_IFREG);
};

StatsBase.prototype.isBlockDevice = function() {
  return this._checkModeProperty(S_IFBLK);
};

StatsBase.prototype.isCharacterDevice = function() {
  return this._checkModeProperty(S_IFCHR);
};

StatsBase.prototype.isSymbolicLink = function() {
  return this._checkModeProperty(S_IFLNK);
};

StatsBase.prototype.isFIFO = function() {
  return this._checkModeProperty(S_IFIFO);
};

StatsBase.prototype.isSocket = function() {
  return this._checkModeProperty(S_IFSOCK);
};

/** Keeps a value that an accessor made as an ordinary property of the object. */
function keep(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  return value;
}

function toInstant(nanoseconds) {
  if (globalThis.Temporal === undefined) throw new ERR_NO_TEMPORAL();
  return globalThis.Temporal.Instant.fromEpochNanoseconds(nanoseconds);
}

/** The nanoseconds since the epoch of a time in milliseconds whose part below a second is known exactly. */
function epochNanoseconds(ms, partialNs) {
  const seconds = Math.round((ms - partialNs / kNsPerMs) / 1000);
  return BigInt(seconds) * kNsPerSecBig + BigInt(partialNs);
}

/**
 * Gives a class the accessors `atime` and `atimeInstant`, and those of the other times.
 * @param {Function} Class
 * @param {(stats: object, time: string) => bigint} nanosecondsOf since the epoch
 */
function defineTimes(Class, nanosecondsOf) {
  for (const time of times) {
    const msName = `${time}Ms`;
    Object.defineProperty(Class.prototype, time, {
      enumerable: true,
      configurable: true,
      get() { return keep(this, time, new Date(Math.round(Number(this[msName])))); },
      set(value) { keep(this, time, value); },
    });
  }
  for (const time of times) {
    const name = `${time}Instant`;
    Object.defineProperty(Class.prototype, name, {
      enumerable: true,
      configurable: true,
      get() { return keep(this, name, toInstant(nanosecondsOf(this, time))); },
      set(value) { keep(this, name, value); },
    });
  }
}

function BigIntStats(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks,
                     atimeNs, mtimeNs, ctimeNs, birthtimeNs) {
  StatsBase.call(this, dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks);
  this.atimeMs = atimeNs / kNsPerMsBig;
  this.mtimeMs = mtimeNs / kNsPerMsBig;
  this.ctimeMs = ctimeNs / kNsPerMsBig;
  this.birthtimeMs = birthtimeNs / kNsPerMsBig;
  this.atimeNs = atimeNs;
  this.mtimeNs = mtimeNs;
  this.ctimeNs = ctimeNs;
  this.birthtimeNs = birthtimeNs;
}

Object.setPrototypeOf(BigIntStats.prototype, StatsBase.prototype);
Object.setPrototypeOf(BigIntStats, StatsBase);
defineTimes(BigIntStats, (stats, time) => stats[`${time}Ns`]);

BigIntStats.prototype._checkModeProperty = function(property) {
  return (this.mode & BigInt(S_IFMT)) === BigInt(property);
};

function Stats(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks,
               atimeSec, atimeNs, mtimeSec, mtimeNs, ctimeSec, ctimeNs, birthtimeSec, birthtimeNs) {
  StatsBase.call(this, dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks);
  this.atimeMs = atimeSec * 1000 + atimeNs / kNsPerMs;
  this.mtimeMs = mtimeSec * 1000 + mtimeNs / kNsPerMs;
  this.ctimeMs = ctimeSec * 1000 + ctimeNs / kNsPerMs;
  this.birthtimeMs = birthtimeSec * 1000 + birthtimeNs / kNsPerMs;
  this[kAtimeNs] = atimeNs;
  this[kMtimeNs] = mtimeNs;
  this[kCtimeNs] = ctimeNs;
  this[kBirthtimeNs] = birthtimeNs;
}

Object.setPrototypeOf(Stats.prototype, StatsBase.prototype);
Object.setPrototypeOf(Stats, StatsBase);
defineTimes(Stats, (stats, time) => epochNanoseconds(stats[`${time}Ms`], stats[kPartialNs[time]]));

Stats.prototype._checkModeProperty = function(property) {
  return (this.mode & S_IFMT) === property;
};

/** How many numbers of the native half make one `Stats`. */
const kStatsLength = 18;

/**
 * Makes the object of the numbers that the native half gives: those of the constructor `Stats`, in order.
 * @param {Float64Array | BigInt64Array} values
 * @returns {Stats | BigIntStats}
 */
function statsFromValues(values) {
  if (values instanceof Float64Array) {
    return new Stats(
      values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7], values[8],
      values[9], values[10], values[11], values[12], values[13], values[14], values[15], values[16],
      values[17],
    );
  }
  return new BigIntStats(
    values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7], values[8],
    values[9], epochBig(values, 10), epochBig(values, 12), epochBig(values, 14), epochBig(values, 16),
  );
}

/**
 * The callback of the native half for one that receives `Stats`. The numbers are there only during the call.
 * @param {(error: Error | null, stats?: Stats | BigIntStats) => void} callback
 * @returns {(error: Error | null, values?: Float64Array | BigInt64Array) => void}
 */
function statsReceiver(callback) {
  return (error, values) => {
    if (error) callback(error);
    else callback(null, statsFromValues(values));
  };
}

/** The nanoseconds since the epoch of the seconds at `index` and the nanoseconds after them. */
function epochBig(values, index) {
  return values[index] * kNsPerSecBig + values[index + 1];
}

/** What `statfs` tells about a file system; numbers, or bigints where those were asked for. */
class StatFs {
  constructor(type, bsize, frsize, blocks, bfree, bavail, files, ffree) {
    this.type = type;
    this.bsize = bsize;
    this.frsize = frsize;
    this.blocks = blocks;
    this.bfree = bfree;
    this.bavail = bavail;
    this.files = files;
    this.ffree = ffree;
  }
}

/**
 * @param {Float64Array | BigInt64Array} values the constructor's numbers, in order
 * @returns {StatFs}
 */
function statFsFromValues(values) {
  return new StatFs(
    values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7],
  );
}

module.exports = {
  BigIntStats,
  StatFs,
  Stats,
  kStatsLength,
  statFsFromValues,
  statsFromValues,
  statsReceiver,
};
