// Where the server for debuggers is to listen: `[host:]port` of `--inspect` and its kin.
'use strict';

const DEFAULT_PORT = 9229;
const DEFAULT_HOST = '127.0.0.1';

/**
 * @param {string | undefined} text of the option, which the command line has checked
 * @returns {{ host: string, port: number }}
 */
function parseAddress(text) {
  if (text === undefined) return { host: DEFAULT_HOST, port: DEFAULT_PORT };
  const [, bracketed, rest] = /^(?:\[([^\]]*)\])?(.*)$/s.exec(text);
  if (bracketed !== undefined) {
    return { host: bracketed, port: rest.startsWith(':') ? toPort(rest.slice(1)) : DEFAULT_PORT };
  }
  const colon = rest.lastIndexOf(':');
  if (colon >= 0) return { host: rest.slice(0, colon), port: toPort(rest.slice(colon + 1)) };
  if (/^\d+$/.test(rest)) return { host: DEFAULT_HOST, port: toPort(rest) };
  return { host: rest, port: DEFAULT_PORT };
}

function toPort(text) {
  return parseInt(text, 10) || 0;
}

module.exports = { parseAddress };
