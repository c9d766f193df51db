// The errors of `cp`, and those of `cpSync`, which words the same failures in another way.
'use strict';

const {
  codes: {
    ERR_FS_CP_DIR_TO_NON_DIR,
    ERR_FS_CP_EEXIST,
    ERR_FS_CP_EINVAL,
    ERR_FS_CP_FIFO_PIPE,
    ERR_FS_CP_NON_DIR_TO_DIR,
    ERR_FS_CP_SOCKET,
    ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY,
    ERR_FS_CP_UNKNOWN,
    ERR_FS_EISDIR,
  },
} = require('internal/errors');

const { dirname } = require('path');

const { EEXIST, EINVAL, EISDIR, ENOTDIR } = internalBinding('constants').os.errno;

function failure(Class, message, path, errno, code) {
  return new Class({ message, path, syscall: 'cp', errno, code });
}

/** The failures of `cp`, each told by the two paths. */
const copyErrors = {
  sameFile: (src, dest) =>
    failure(ERR_FS_CP_EINVAL, 'src and dest cannot be the same', dest, EINVAL, 'EINVAL'),
  directoryOntoFile: (src, dest) =>
    failure(ERR_FS_CP_DIR_TO_NON_DIR, `cannot overwrite non-directory ${dest} with directory ${src}`,
            dest, EISDIR, 'EISDIR'),
  fileOntoDirectory: (src, dest) =>
    failure(ERR_FS_CP_NON_DIR_TO_DIR, `cannot overwrite directory ${dest} with non-directory ${src}`,
            dest, ENOTDIR, 'ENOTDIR'),
  intoItself: (src, dest) =>
    failure(ERR_FS_CP_EINVAL, `cannot copy ${src} to a subdirectory of self ${dest}`, dest, EINVAL, 'EINVAL'),
  notRecursive: (src) =>
    failure(ERR_FS_EISDIR, `${src} is a directory (not copied)`, src, EISDIR, 'EISDIR'),
  socket: (src, dest) =>
    failure(ERR_FS_CP_SOCKET, `cannot copy a socket file: ${dest}`, dest, EINVAL, 'EINVAL'),
  fifo: (src, dest) =>
    failure(ERR_FS_CP_FIFO_PIPE, `cannot copy a FIFO pipe: ${dest}`, dest, EINVAL, 'EINVAL'),
  unknownType: (src, dest) =>
    failure(ERR_FS_CP_UNKNOWN, `cannot copy an unknown file type: ${dest}`, dest, EINVAL, 'EINVAL'),
  exists: (src, dest) =>
    failure(ERR_FS_CP_EEXIST, `${dest} already exists`, dest, EEXIST, 'EEXIST'),
  linkIntoItself: (target, oldTarget, dest) =>
    failure(ERR_FS_CP_EINVAL, `cannot copy ${target} to a subdirectory of self ${oldTarget}`,
            dest, EINVAL, 'EINVAL'),
  linkOntoParent: (target, oldTarget, dest) =>
    failure(ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY, `cannot overwrite ${oldTarget} with ${target}`,
            dest, EINVAL, 'EINVAL'),
};

function plainFailure(code, message) {
  const error = new Error(message);
  error.code = code;
  return error;
}

function withSlash(path) {
  return path.endsWith('/') ? path : `${path}/`;
}

/** The failures of `cpSync`. */
const copySyncErrors = {
  ...copyErrors,
  sameFile: (src, dest) => plainFailure('ERR_FS_CP_EINVAL', `src and dest cannot be the same ${dest}`),
  directoryOntoFile: (src, dest) =>
    plainFailure('ERR_FS_CP_DIR_TO_NON_DIR', `Cannot overwrite non-directory ${dest} with directory ${src}`),
  fileOntoDirectory: (src, dest) =>
    plainFailure('ERR_FS_CP_NON_DIR_TO_DIR', `Cannot overwrite directory ${dest} with non-directory ${src}`),
  intoItself: (src, dest) =>
    plainFailure('ERR_FS_CP_EINVAL', `Cannot copy ${withSlash(src)} to a subdirectory of self ${dest}`),
  notRecursive: (src) =>
    plainFailure('ERR_FS_EISDIR', `Recursive option not enabled, cannot copy a directory: ${withSlash(src)}`),
  socket: (src, dest) => plainFailure('ERR_FS_CP_SOCKET', `Cannot copy a socket file: ${dest}`),
  fifo: (src, dest) => plainFailure('ERR_FS_CP_FIFO_PIPE', `Cannot copy a FIFO pipe: ${dest}`),
  unknownType: (src, dest) => plainFailure('ERR_FS_CP_UNKNOWN', `Cannot copy an unknown file type: ${dest}`),
};

/** A failure in the system's own words. */
function systemFailure(code, errno, path) {
  const error = new Error(`${code}, ${internalBinding('fs').describeError(errno)} '${path}'`);
  return Object.assign(error, { errno, code, path, syscall: 'cp' });
}

/** The failures of `cpSync` in the directories that it copies. */
const copySyncInnerErrors = {
  ...copySyncErrors,
  directoryOntoFile: (src, dest) => systemFailure('EEXIST', EEXIST, dest),
  fileOntoDirectory: (src, dest, isLink) =>
    (isLink ?
      systemFailure('EEXIST', EEXIST, dirname(dest)) :
      systemFailure('EINVAL', EINVAL, dirname(dest))),
  linkOntoFile: (dest) => systemFailure('EEXIST', EEXIST, dest),
  linkIntoItself: (target, oldTarget) =>
    plainFailure('ERR_FS_CP_EINVAL', `Cannot copy ${target} to a subdirectory of self ${oldTarget}`),
  linkOntoParent: (target, oldTarget) =>
    plainFailure('ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY', `cannot overwrite ${oldTarget} with ${target}`),
};

/**
 * A directory that `cpSync` cannot read.
 * @param {Error} error of the native half
 * @param {string} path
 * @returns {Error}
 */
function unreadableError({ code, errno }, path) {
  return systemFailure(code, -errno, path);
}

module.exports = { copyErrors, copySyncErrors, copySyncInnerErrors, unreadableError };
