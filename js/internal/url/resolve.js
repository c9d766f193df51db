// Relative resolution of the `Url` objects of `url.parse`.

'use strict';

const { hasSlashes } = require('internal/url/schemes');

const isFile = /^file:?$/;

/** The path as a request has it. */
function setPath(target) {
  if (target.pathname !== null || target.search !== null) {
    target.path = (target.pathname ? target.pathname : '') + (target.search ? target.search : '');
  }
}

function finished(target) {
  target.href = target.format();
  return target;
}

function copyQuery(target, from) {
  target.search = from.search;
  target.query = from.query;
}

/**
 * @param {Url} base
 * @param {Url} relative
 * @returns {Url}
 */
function resolveObject(base, relative) {
  const result = Object.assign(new base.constructor(), base);
  // Even an empty reference replaces the fragment.
  result.hash = relative.hash;
  if (relative.href === '') return finished(result);

  if (relative.slashes && !relative.protocol) {
    const { protocol } = result;
    Object.assign(result, relative, { protocol });
    if (result.hostname && !result.pathname && hasSlashes(protocol)) {
      result.pathname = '/';
      result.path = '/';
    }
    return finished(result);
  }
  if (relative.protocol && relative.protocol !== result.protocol) return withOtherProtocol(result, relative);
  return withSameProtocol(result, relative);
}

function withOtherProtocol(result, relative) {
  if (!hasSlashes(relative.protocol)) return finished(Object.assign(result, relative));

  result.protocol = relative.protocol;
  if (!relative.host && !isFile.test(relative.protocol)) {
    // The host is the first segment, as of `http:///host/path`.
    const segments = (relative.pathname || '').split('/');
    while (segments.length > 0 && !(relative.host = segments.shift()));
    relative.host ||= '';
    relative.hostname ||= '';
    if (segments[0] !== '') segments.unshift('');
    if (segments.length < 2) segments.unshift('');
    result.pathname = segments.join('/');
  } else {
    result.pathname = relative.pathname;
  }
  copyQuery(result, relative);
  result.host = relative.host || '';
  result.auth = relative.auth;
  result.hostname = relative.hostname || relative.host;
  result.port = relative.port;
  if (result.pathname || result.search) result.path = (result.pathname || '') + (result.search || '');
  result.slashes ||= relative.slashes;
  return finished(result);
}

function segmentsOf(pathname) {
  return (pathname && pathname.split('/')) || [];
}

/** Schemes without slashes have what looks like a host as the first segment of their path. */
function hostToSegments(host, segments) {
  if (!host) return;
  if (segments[0] === '') segments[0] = host;
  else segments.unshift(host);
}

/** The reverse of `hostToSegments`. */
function segmentToHost(result, segment) {
  result.hostname = segment;
  result.host = segment;
  const parts = result.host && result.host.indexOf('@') > 0 && result.host.split('@');
  if (!parts) return;
  result.auth = parts.shift();
  result.hostname = parts.shift();
  result.host = result.hostname;
}

function withSameProtocol(result, relative) {
  const isBaseAbsolute = result.pathname && result.pathname[0] === '/';
  const isRelativeAbsolute = relative.host || (relative.pathname && relative.pathname[0] === '/');
  const mustBeAbsolute = isRelativeAbsolute || isBaseAbsolute || (result.host && relative.pathname);
  let mustEndAbsolute = mustBeAbsolute;
  let segments = segmentsOf(result.pathname);
  const added = segmentsOf(relative.pathname);
  const hasNoSlashes = result.protocol && !hasSlashes(result.protocol);

  if (hasNoSlashes) {
    result.hostname = '';
    result.port = null;
    hostToSegments(result.host, segments);
    result.host = '';
    if (relative.protocol) {
      relative.hostname = null;
      relative.port = null;
      result.auth = null;
      hostToSegments(relative.host, added);
      relative.host = null;
    }
    mustEndAbsolute = mustEndAbsolute && (added[0] === '' || segments[0] === '');
  }

  if (isRelativeAbsolute) {
    takeHost(result, relative);
    copyQuery(result, relative);
    segments = added;
  } else if (added.length > 0) {
    segments.pop();
    segments = segments.concat(added);
    copyQuery(result, relative);
  } else if (relative.search !== null && relative.search !== undefined) {
    if (hasNoSlashes) segmentToHost(result, segments.shift());
    copyQuery(result, relative);
    setPath(result);
    return finished(result);
  }

  if (segments.length === 0) {
    result.pathname = null;
    result.path = result.search ? `/${result.search}` : null;
    return finished(result);
  }
  segments = withoutDots(segments, result, relative, mustBeAbsolute, mustEndAbsolute);
  return finishPath(result, relative, segments, hasNoSlashes, mustEndAbsolute);
}

function takeHost(result, relative) {
  if (relative.host || relative.host === '') {
    if (result.host !== relative.host) result.auth = null;
    result.host = relative.host;
    result.port = relative.port;
  }
  if (relative.hostname || relative.hostname === '') {
    if (result.hostname !== relative.hostname) result.auth = null;
    result.hostname = relative.hostname;
  }
}

function withoutDots(segments, result, relative, mustBeAbsolute, mustEndAbsolute) {
  const last = segments[segments.length - 1];
  const hasTrailingSlash = last === '' ||
    ((result.host || relative.host || segments.length > 1) && (last === '.' || last === '..'));

  let up = 0;
  const kept = [];
  for (let i = segments.length - 1; i >= 0; i--) {
    if (segments[i] === '.') continue;
    if (segments[i] === '..') up++;
    else if (up > 0) up--;
    else kept.unshift(segments[i]);
  }
  if (!mustEndAbsolute && !mustBeAbsolute) {
    for (; up > 0; up--) kept.unshift('..');
  }
  if (mustEndAbsolute && kept[0] !== '' && (!kept[0] || kept[0][0] !== '/')) kept.unshift('');
  if (hasTrailingSlash && !kept.join('/').endsWith('/')) kept.push('');
  return kept;
}

function finishPath(result, relative, segments, hasNoSlashes, mustEndAbsolute) {
  const isAbsolute = segments[0] === '' || (segments[0] && segments[0][0] === '/');
  if (hasNoSlashes) segmentToHost(result, isAbsolute || segments.length === 0 ? '' : segments.shift());
  if ((mustEndAbsolute || (result.host && segments.length > 0)) && !isAbsolute) segments.unshift('');

  if (segments.length === 0) {
    result.pathname = null;
    result.path = null;
  } else {
    result.pathname = segments.join('/');
  }
  setPath(result);
  result.auth = relative.auth || result.auth;
  result.slashes ||= relative.slashes;
  return finished(result);
}

module.exports = { resolveObject };
