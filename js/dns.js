// Node's `dns`: addresses of names and whatever else name servers know.
'use strict';

const lookups = require('internal/dns/lookup');
const { lookupService } = require('internal/dns/lookup_service');
const { CallbackResolver, bindMethods } = require('internal/dns/resolver');
const codes = require('internal/dns/codes');

const { ADDRCONFIG, ALL, V4MAPPED, getDefaultResultOrder, lookup, setDefaultResultOrder } = lookups;

/**
 * Sets the servers that the functions of this module and of `dns.promises` ask.
 * @param {string[]} servers
 */
function defaultResolverSetServers(servers) {
  const resolver = new CallbackResolver();
  resolver.setServers(servers);
  bindMethods(module.exports, resolver);
  require('dns/promises').setServers(servers);
}

module.exports = {
  lookup,
  lookupService,
  Resolver: CallbackResolver,
  getDefaultResultOrder,
  setDefaultResultOrder,
  setServers: defaultResolverSetServers,
  ADDRCONFIG,
  ALL,
  V4MAPPED,
  ...codes,
};

bindMethods(module.exports, new CallbackResolver());

Object.defineProperty(module.exports, 'promises', {
  get() {
    return require('dns/promises');
  },
  configurable: true,
  enumerable: true,
});

lookups.publish(module.exports);
