// Node's `dns/promises`.
'use strict';

const { getDefaultResultOrder, lookupPromise, setDefaultResultOrder } = require('internal/dns/lookup');
const { lookupServicePromise } = require('internal/dns/lookup_service');
const { PromisesResolver, bindMethods } = require('internal/dns/resolver');
const codes = require('internal/dns/codes');

/**
 * Sets the servers that the functions of this module ask.
 * @param {string[]} servers
 */
function defaultResolverSetServers(servers) {
  const resolver = new PromisesResolver();
  resolver.setServers(servers);
  bindMethods(module.exports, resolver);
}

Object.defineProperty(lookupPromise, 'name', { value: 'lookup' });
Object.defineProperty(lookupServicePromise, 'name', { value: 'lookupService' });

module.exports = {
  lookup: lookupPromise,
  lookupService: lookupServicePromise,
  Resolver: PromisesResolver,
  getDefaultResultOrder,
  setDefaultResultOrder,
  setServers: defaultResolverSetServers,
  ...codes,
};

bindMethods(module.exports, new PromisesResolver());
