// `data:` URLs as the Fetch Standard reads them.
'use strict';

const { MIMEType } = require('internal/mime');

const FALLBACK = 'text/plain;charset=US-ASCII';
const base64Mark = /; *base64$/i;

/**
 * @param {URL} url
 * @returns {{ type: string, bytes: Uint8Array } | undefined} undefined where it is malformed
 */
function parseDataURL(url) {
  const href = url.hash === '' ? url.href : url.href.slice(0, -url.hash.length);
  const text = href.slice('data:'.length);
  const comma = text.indexOf(',');
  if (comma === -1) return undefined;
  let type = text.slice(0, comma).replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '');
  let bytes = new Uint8Array(require('querystring').unescapeBuffer(text.slice(comma + 1)));
  if (base64Mark.test(type)) {
    try {
      bytes = new Uint8Array(Buffer.from(atob(Buffer.from(bytes.buffer).latin1Slice()), 'latin1'));
    } catch {
      return undefined;
    }
    type = type.replace(base64Mark, '');
  }
  if (type.startsWith(';')) type = `text/plain${type}`;
  try {
    return { type: new MIMEType(type).toString(), bytes };
  } catch {
    return { type: FALLBACK, bytes };
  }
}

module.exports = { parseDataURL };
