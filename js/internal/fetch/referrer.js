// The field `Referer` of fetch, by the Referrer Policy Standard.
'use strict';

/** The address without what is nobody else's business. */
function stripped(url, isOriginOnly) {
  const { protocol } = url;
  if (protocol === 'about:' || protocol === 'data:' || protocol === 'blob:') return null;
  const copy = new URL(url);
  copy.username = copy.password = copy.hash = '';
  if (isOriginOnly) copy.pathname = copy.search = '';
  return copy.href;
}

const isSecure = (url) => url.protocol === 'https:';

/**
 * @param {{ url: URL, referrer: string, referrerPolicy: string }} state of a request
 * @returns {string | null}
 */
function referrerOf({ url, referrer, referrerPolicy }) {
  if (referrer === 'no-referrer' || referrer === 'about:client') return null;
  const from = new URL(referrer);
  const whole = stripped(from, false);
  const origin = stripped(from, true);
  const isSame = from.origin === url.origin;
  const isDowngrade = isSecure(from) && !isSecure(url);
  switch (referrerPolicy) {
    case 'no-referrer': return null;
    case 'origin': return origin;
    case 'unsafe-url': return whole;
    case 'same-origin': return isSame ? whole : null;
    case 'origin-when-cross-origin': return isSame ? whole : origin;
    case 'strict-origin': return isDowngrade ? null : origin;
    case 'no-referrer-when-downgrade': return isDowngrade ? null : whole;
    default: return isSame ? whole : origin;
  }
}

module.exports = { referrerOf };
