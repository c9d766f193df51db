// `cp` and `cpSync`: copies of files and whole directory trees. One description of the copying serves both:
// generators yield the answers of the system, which are there at once or promised.
'use strict';

const { toCallback, toPath } = require('internal/fs/arguments');
const {
  copyErrors,
  copySyncErrors,
  copySyncInnerErrors,
  unreadableError,
} = require('internal/fs/cp_errors');
const { promised } = require('internal/fs/promised');
const { statsFromValues, statsReceiver } = require('internal/fs/stats');
const {
  codes: { ERR_INCOMPATIBLE_OPTION_PAIR, ERR_INVALID_RETURN_VALUE },
  hideFrame,
} = require('internal/errors');
const { isPromise } = require('internal/util/types');
const { validateBoolean, validateFunction, validateInteger, validateObject } = require('internal/validators');
const { dirname, isAbsolute, join, parse, resolve, sep } = require('path');

const binding = internalBinding('fs');
const permission = internalBinding('permission');

const kDefaults = {
  dereference: false,
  errorOnExist: false,
  filter: undefined,
  force: true,
  mode: 0,
  preserveTimestamps: false,
  recursive: false,
  verbatimSymlinks: false,
};

const kOwnerMayWrite = 0o200;

function copyOptions(options) {
  if (options === undefined) return kDefaults;
  validateObject(options, 'options');
  options = { ...kDefaults, ...options };
  validateBoolean(options.dereference, 'options.dereference');
  validateBoolean(options.errorOnExist, 'options.errorOnExist');
  validateBoolean(options.force, 'options.force');
  validateBoolean(options.preserveTimestamps, 'options.preserveTimestamps');
  validateBoolean(options.recursive, 'options.recursive');
  validateBoolean(options.verbatimSymlinks, 'options.verbatimSymlinks');
  options.mode ??= 0;
  validateInteger(options.mode, 'mode', 0, 7);
  if (options.dereference && options.verbatimSymlinks) {
    throw new ERR_INCOMPATIBLE_OPTION_PAIR('dereference', 'verbatimSymlinks');
  }
  if (options.filter !== undefined) validateFunction(options.filter, 'options.filter');
  return options;
}

/** A path as text, so that it can be taken apart. */
function toText(path) {
  return typeof path === 'string' ? path : require('buffer').Buffer.from(path).toString();
}

/** The names in a directory, in the order of the file system. */
function namesSync(path) {
  let fd;
  try {
    fd = binding.opendirSync(path, true);
  } catch (error) {
    throw unreadableError(error, path);
  }
  const all = [];
  try {
    for (;;) {
      const [names] = binding.readEntriesSync(fd, false);
      if (names.length === 0) return all;
      all.push(...names);
    }
  } finally {
    binding.closeSync(fd);
  }
}

/** As `namesSync`, with a promise. */
async function namesLater(path) {
  const fd = await promised((done) => binding.opendir(path, true, done));
  const all = [];
  try {
    for (;;) {
      const [names] = await promised((done) => binding.readEntries(fd, false, done));
      if (names.length === 0) return all;
      all.push(...names);
    }
  } finally {
    await promised((done) => binding.close(fd, done));
  }
}

/** What a copy asks of the system, answered at once. */
const atOnce = {
  errors: copySyncErrors,
  checkEnds: checkEndsSync,
  /** Of what is in directories, pipes and sockets are left out. */
  skips: (stats) => stats.isFIFO() || stats.isSocket(),
  absoluteTarget: (folder, target) => resolve(folder, target),
  /** A relative target of a link that is replaced is not looked at closer. */
  oldTarget: (folder, target) => target,
  stat: (path) => statsFromValues(binding.statSync(path, true)),
  lstat: (path) => statsFromValues(binding.lstatSync(path, true)),
  readlink: (path) => binding.readlinkSync(path, false),
  symlink: (target, path) => binding.symlinkSync(target, path),
  unlink: (path) => binding.unlinkSync(path),
  mkdir: (path, recursive) => binding.mkdirSync(path, 0o777, recursive),
  names: namesSync,
  chmod: (path, mode) => binding.chmodSync(path, mode),
  utimes: (path, atime, mtime) => binding.utimesSync(path, atime, mtime),
  copyFile: (src, dest, mode) => binding.copyFileSync(src, dest, mode),
  filter(filter, src, dest) {
    const wanted = filter(src, dest);
    if (isPromise(wanted)) throw new ERR_INVALID_RETURN_VALUE('boolean', 'filter', wanted);
    return wanted;
  },
};

/** The same in the directories that are copied, whose failures have other words. */
atOnce.inner = {
  ...atOnce,
  errors: copySyncInnerErrors,
  symlink(target, path) {
    try {
      binding.symlinkSync(target, path);
    } catch (error) {
      throw error.code === 'EEXIST' ? copySyncInnerErrors.linkOntoFile(path) : error;
    }
  },
};
atOnce.inner.inner = atOnce.inner;

/** What a copy asks of the system, answered by promises. */
const later = {
  errors: copyErrors,
  checkEnds: checkPaths,
  skips: () => false,
  absoluteTarget(folder, target) {
    const path = resolve(folder, target);
    // The normal form of what ends like a directory has a slash at its end.
    return /(?:^|\/)\.{0,2}$/.test(target) && path !== sep ? path + sep : path;
  },
  oldTarget: (folder, target) => resolve(folder, target),
  stat: (path) => promised((done) => binding.stat(path, true, statsReceiver(done))),
  lstat: (path) => promised((done) => binding.lstat(path, true, statsReceiver(done))),
  readlink: (path) => promised((done) => binding.readlink(path, false, done)),
  symlink: (target, path) => promised((done) => binding.symlink(target, path, done)),
  unlink: (path) => promised((done) => binding.unlink(path, done)),
  mkdir: (path, recursive) => promised((done) => binding.mkdir(path, 0o777, recursive, done)),
  names: namesLater,
  chmod: (path, mode) => promised((done) => binding.chmod(path, mode, done)),
  utimes: (path, atime, mtime) => promised((done) => binding.utimes(path, atime, mtime, done)),
  copyFile: (src, dest, mode) => promised((done) => binding.copyFile(src, dest, mode, done)),
  filter: (filter, src, dest) => filter(src, dest),
};
later.inner = later;

function isSameFile(stats, other) {
  return stats.ino !== 0n && stats.ino === other.ino && stats.dev === other.dev;
}

/** Whether `dest` lies in `src`, by their names. */
function isInside(src, dest) {
  const outer = resolve(src).split(sep).filter(Boolean);
  const inner = resolve(dest).split(sep).filter(Boolean);
  return outer.every((name, i) => inner[i] === name);
}

/** The stats of a path, or null where nothing is there. */
function* statsOrNull(statOf, path) {
  try {
    return yield statOf(path);
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Refuses to copy a directory onto what is none, and the other way round. */
function refuseOtherKind(errors, src, dest, srcStats, destStats) {
  if (destStats === null) return;
  if (srcStats.isDirectory() && !destStats.isDirectory()) throw errors.directoryOntoFile(src, dest);
  if (!srcStats.isDirectory() && destStats.isDirectory()) {
    throw errors.fileOntoDirectory(src, dest, srcStats.isSymbolicLink());
  }
}

/**
 * The stats of both ends of a copy.
 * @returns {Generator<unknown, { srcStats: BigIntStats, destStats: BigIntStats | null } | null>}
 *   null for what the filter leaves out
 */
function* statEnds(system, src, dest, options) {
  if (options.filter !== undefined && !(yield system.filter(options.filter, src, dest))) return null;
  const statOf = options.dereference ? system.stat : system.lstat;
  const srcStats = yield statOf(src);
  const destStats = yield* statsOrNull(statOf, dest);
  return { srcStats, destStats };
}

/** Looks at both ends of a copy and refuses what cannot be done; returns as `statEnds` does. */
function* checkPaths(system, src, dest, options) {
  const ends = yield* statEnds(system, src, dest, options);
  if (ends === null) return null;
  const { errors } = system;
  const { srcStats, destStats } = ends;
  if (destStats !== null && isSameFile(srcStats, destStats)) throw errors.sameFile(src, dest);
  refuseOtherKind(errors, src, dest, srcStats, destStats);
  if (srcStats.isDirectory() && isInside(src, dest)) throw errors.intoItself(src, dest);
  return ends;
}

/** The stats of what a path leads to; a link that leads nowhere fails as if it were not there itself. */
function followedStats(system, path) {
  const stats = system.lstat(path);
  if (!stats.isSymbolicLink()) return stats;
  try {
    return system.stat(path);
  } catch (error) {
    error.syscall = 'lstat';
    error.message = error.message.replace(', stat ', ', lstat ');
    throw hideFrame(error, followedStats);
  }
}

/** As `checkPaths`, for the two ends of `cpSync`: there, links are looked through. */
function* checkEndsSync(system, src, dest, options) {
  if (options.dereference) return yield* checkPaths(system, src, dest, options);
  const ends = yield* statEnds(system, src, dest, options);
  if (ends === null) return null;
  const { errors } = system;
  const { destStats } = ends;
  const srcStats = followedStats(system, src);
  const destFollowed = destStats?.isSymbolicLink() ? yield* statsOrNull(system.stat, dest) : destStats;
  if (destFollowed !== null && isSameFile(srcStats, destFollowed)) throw errors.sameFile(src, dest);
  refuseOtherKind(errors, src, dest, srcStats, destStats);
  if (srcStats.isDirectory() && isInside(src, dest)) throw errors.intoItself(src, dest);
  return { ...ends, leadsToDirectory: srcStats.isDirectory() };
}

/** Refuses a destination that lies in the source by way of a link. */
function* checkParents(system, src, srcStats, dest) {
  const srcParent = resolve(dirname(src));
  const { root } = parse(resolve(dest));
  let parent = resolve(dirname(dest));
  for (; parent !== srcParent && parent !== root; parent = dirname(parent)) {
    const parentStats = yield* statsOrNull(system.stat, parent);
    if (parentStats === null) return;
    if (isSameFile(srcStats, parentStats)) throw system.errors.intoItself(src, dest);
  }
}

/** Copies `src` with all that is in it. */
function* copyTree(system, src, dest, options) {
  const checked = yield* system.checkEnds(system, src, dest, options);
  if (checked === null) return;
  yield* checkParents(system, src, checked.srcStats, dest);
  if (checked.leadsToDirectory && !options.recursive) throw system.errors.notRecursive(src);
  const parent = dirname(dest);
  if ((yield* statsOrNull(system.stat, parent)) === null) yield system.mkdir(parent, true);
  yield* copyEntry(system, src, dest, checked.srcStats, checked.destStats, options);
}

function* copyEntry(system, src, dest, srcStats, destStats, options) {
  const { errors } = system;
  if (srcStats.isDirectory()) {
    if (!options.recursive) throw errors.notRecursive(src);
    yield* copyDirectory(system, src, dest, srcStats, destStats, options);
  } else if (srcStats.isFile() || srcStats.isCharacterDevice() || srcStats.isBlockDevice()) {
    yield* copyOneFile(system, src, dest, srcStats, destStats, options);
  } else if (srcStats.isSymbolicLink()) {
    yield* copyLink(system, src, dest, destStats, options);
  } else if (srcStats.isSocket()) {
    throw errors.socket(src, dest);
  } else if (srcStats.isFIFO()) {
    throw errors.fifo(src, dest);
  } else {
    throw errors.unknownType(src, dest);
  }
}

function* copyOneFile(system, src, dest, srcStats, destStats, options) {
  if (destStats !== null) {
    if (!options.force) {
      if (options.errorOnExist) throw system.errors.exists(src, dest);
      return;
    }
    yield system.unlink(dest);
  }
  yield system.copyFile(src, dest, options.mode);
  const mode = Number(srcStats.mode);
  if (options.preserveTimestamps) {
    // The times of a file can only be set while its owner may write it.
    if ((mode & kOwnerMayWrite) === 0) yield system.chmod(dest, mode | kOwnerMayWrite);
    // Copying has changed the time of the last access.
    const stats = yield system.stat(src);
    yield system.utimes(dest, Number(stats.atimeNs) / 1e9, Number(stats.mtimeNs) / 1e9);
  }
  yield system.chmod(dest, mode);
}

function* copyDirectory(system, src, dest, srcStats, destStats, options) {
  if (destStats === null) {
    yield system.mkdir(dest, false);
  } else if (options.errorOnExist && !options.force) {
    throw system.errors.exists(src, dest);
  }
  for (const name of yield system.names(src)) {
    const from = join(src, name);
    const to = join(dest, name);
    const checked = yield* checkPaths(system.inner, from, to, options);
    if (checked === null || system.skips(checked.srcStats)) continue;
    yield* copyEntry(system.inner, from, to, checked.srcStats, checked.destStats, options);
  }
  if (destStats === null) yield system.chmod(dest, Number(srcStats.mode));
}

/** Where a link leads: nowhere for what is no link. */
function* linkTarget(system, path) {
  try {
    return yield system.readlink(path);
  } catch (error) {
    // What is no link at all makes EINVAL, or UNKNOWN on some file systems.
    if (error.code === 'EINVAL' || error.code === 'UNKNOWN') return null;
    throw error;
  }
}

function* copyLink(system, src, dest, destStats, options) {
  let target = yield system.readlink(src);
  if (!options.verbatimSymlinks && !isAbsolute(target)) target = system.absoluteTarget(dirname(src), target);
  if (destStats !== null) {
    const given = yield* linkTarget(system, dest);
    if (given !== null) {
      const oldTarget = isAbsolute(given) ? given : system.oldTarget(dirname(dest), given);
      const srcStats = yield* statsOrNull(system.stat, src);
      if (srcStats?.isDirectory()) {
        if (isInside(target, oldTarget)) throw system.errors.linkIntoItself(target, oldTarget, dest);
        if (isInside(oldTarget, target)) throw system.errors.linkOntoParent(target, oldTarget, dest);
      }
      yield system.unlink(dest);
    }
  }
  yield system.symlink(target, dest);
}

/**
 * @param {string | Buffer | URL} src
 * @param {string | Buffer | URL} dest
 * @param {{ dereference?: boolean, errorOnExist?: boolean, filter?: (src: string, dest: string) => boolean,
 *   force?: boolean, mode?: number, preserveTimestamps?: boolean, recursive?: boolean,
 *   verbatimSymlinks?: boolean }} [options]
 */
function cpSync(src, dest, options) {
  options = copyOptions(options);
  src = toText(toPath(src, 'src'));
  dest = toText(toPath(dest, 'dest'));
  permission.demand('fs.read', src);
  permission.demand('fs.write', dest);
  const steps = copyTree(atOnce, src, dest, options);
  for (let step = steps.next(); !step.done;) step = steps.next(step.value);
}

/**
 * @param {string | Buffer | URL} src
 * @param {string | Buffer | URL} dest
 * @param {object} [options] those of `cpSync`; the filter may also return a promise
 * @returns {Promise<void>}
 */
async function copyLater(src, dest, options) {
  const steps = copyTree(later, src, dest, options);
  let step = steps.next();
  while (!step.done) {
    let answer;
    try {
      answer = await step.value;
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(answer);
  }
}

/**
 * @param {string | Buffer | URL} src
 * @param {string | Buffer | URL} dest
 * @param {object} [options] those of `cpSync`; the filter may also return a promise
 * @param {(error: Error | null) => void} callback
 */
function cp(src, dest, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  toCallback(callback);
  options = copyOptions(options);
  src = toText(toPath(src, 'src'));
  dest = toText(toPath(dest, 'dest'));
  copyLater(src, dest, options).then(
    (nothing) => process.nextTick(callback, null, nothing),
    (error) => process.nextTick(callback, error),
  );
}

module.exports = { copyLater, copyOptions, cp, cpSync, toText };
