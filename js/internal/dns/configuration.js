// What the system says of names: its servers and its own list of hosts.
'use strict';

const { isIP } = require('internal/net_address');

const binding = internalBinding('dns');

/** The port of name servers. */
const PORT = 53;

function linesOf(text) {
  return text.split('\n').map((line) => line.replace(/[#;].*/, '').trim().split(/\s+/)).filter(([word]) => word !== '');
}

/**
 * @returns {{ servers: { address: string, port: number }[], rotate: boolean, timeout: number }} `timeout` is 0
 *   where the system says nothing about it
 */
function readResolverConfiguration() {
  const found = { servers: [], rotate: false, timeout: 0 };
  for (const [word, ...values] of linesOf(binding.resolverConfiguration())) {
    if (word === 'nameserver' && isIP(values[0])) {
      if (!found.servers.some(({ address }) => address === values[0])) {
        found.servers.push({ address: values[0], port: PORT });
      }
    } else if (word === 'options') {
      if (values.includes('rotate')) found.rotate = true;
      const timeout = values.find((value) => /^timeout:\d+$/.test(value));
      if (timeout !== undefined) found.timeout = +timeout.slice('timeout:'.length) * 1000;
    }
  }
  if (found.servers.length === 0) found.servers.push({ address: '127.0.0.1', port: PORT });
  return found;
}

/**
 * @param {string} address
 * @param {(text: string) => string} normalize
 * @returns {string[]} the names that the system's list of hosts has for an address
 */
function hostNames(address, normalize) {
  const wanted = normalize(address);
  const names = [];
  for (const [listed, ...values] of linesOf(binding.listOfHosts(address))) {
    if (isIP(listed) && normalize(listed) === wanted) names.push(...values);
  }
  return [...new Set(names)];
}

module.exports = { PORT, hostNames, readResolverConfiguration };
