// What programs get of an answer, for each kind of question.
'use strict';

const { TYPES } = require('internal/dns/message');

/** An answer that has nothing of what was asked for, as far as that is an error. */
class NoData extends Error {
  constructor(code = 'ENODATA') {
    super();
    this.code = code;
  }
}

function ofType({ answers }, type) {
  return answers.filter((record) => record.type === type);
}

/** The records of the Internet's own class. */
function ofInternet(message, type) {
  return ofType(message, type).filter((record) => record.inInternet);
}

/** Addresses with how long they hold: no longer than the names that led to them. */
function addressesOf(message, type) {
  const aliases = ofInternet(message, TYPES.CNAME);
  const least = Math.min(Infinity, ...aliases.map(({ ttl }) => ttl));
  const addresses = ofInternet(message, type);
  if (addresses.length === 0 && aliases.length === 0) throw new NoData();
  return addresses.map(({ data, ttl }) => ({ address: data, ttl: Math.min(ttl, least) }));
}

function readAddresses(type) {
  return (message, { ttl }) => {
    const found = addressesOf(message, type);
    return ttl ? found : found.map(({ address }) => address);
  };
}

/** Names, of which there must be one. */
function readNames(type) {
  return (message) => {
    const names = ofInternet(message, type).map(({ data }) => data);
    if (names.length === 0) throw new NoData();
    return names;
  };
}

/** The name that another stands for: only one, and itself where it stands for none. */
function readAlias(message) {
  const alias = ofInternet(message, TYPES.CNAME)[0];
  if (alias !== undefined) return [alias.data];
  addressesOf(message, TYPES.A);
  return [message.question.name];
}

function readTexts(message) {
  return ofType(message, TYPES.TXT).map(({ data }) => data);
}

function withType(type, name) {
  return (message) => ofType(message, type).map(({ data }) => ({ ...data, type: name }));
}

function readCaa(message) {
  return ofType(message, TYPES.CAA).map(({ data: { critical, tag, value } }) => {
    return { critical, type: 'CAA', [tag]: value };
  });
}

function readTlsa(message) {
  return ofType(message, TYPES.TLSA).map(({ data }) => data);
}

function readSoa(message) {
  const record = ofInternet(message, TYPES.SOA)[0];
  if (record === undefined) throw new NoData('EBADRESP');
  return { ...record.data, type: undefined };
}

/** Everything that is there, kind by kind. */
function readAny(message) {
  const aliases = ofInternet(message, TYPES.CNAME);
  const found = aliases.slice(0, 1).map(({ data }) => ({ value: data, type: 'CNAME' }));
  const add = (type, name, read) => {
    for (const { data, ttl } of ofInternet(message, type)) found.push({ ...read(data, ttl), type: name });
  };
  const valueOf = (value) => ({ value });
  if (aliases.length === 0) add(TYPES.A, 'A', (address, ttl) => ({ address, ttl }));
  add(TYPES.AAAA, 'AAAA', (address, ttl) => ({ address, ttl }));
  found.push(...withType(TYPES.MX, 'MX')(message));
  add(TYPES.NS, 'NS', valueOf);
  for (const entries of readTexts(message)) found.push({ entries, type: 'TXT' });
  found.push(...withType(TYPES.SRV, 'SRV')(message));
  add(TYPES.PTR, 'PTR', valueOf);
  found.push(...withType(TYPES.NAPTR, 'NAPTR')(message));
  if (ofInternet(message, TYPES.SOA).length > 0) found.push({ ...readSoa(message), type: 'SOA' });
  found.push(...readTlsa(message), ...readCaa(message));
  return found;
}

/** For each kind of question its type and what its answer becomes. */
const kinds = {
  queryAny: { type: TYPES.ANY, read: readAny },
  queryA: { type: TYPES.A, read: readAddresses(TYPES.A) },
  queryAaaa: { type: TYPES.AAAA, read: readAddresses(TYPES.AAAA) },
  queryCaa: { type: TYPES.CAA, read: readCaa },
  queryCname: { type: TYPES.CNAME, read: readAlias },
  queryMx: { type: TYPES.MX, read: withType(TYPES.MX, 'MX') },
  queryNs: { type: TYPES.NS, read: readNames(TYPES.NS) },
  queryTlsa: { type: TYPES.TLSA, read: readTlsa },
  queryTxt: { type: TYPES.TXT, read: readTexts },
  querySrv: { type: TYPES.SRV, read: withType(TYPES.SRV, 'SRV') },
  queryPtr: { type: TYPES.PTR, read: readNames(TYPES.PTR) },
  queryNaptr: { type: TYPES.NAPTR, read: withType(TYPES.NAPTR, undefined) },
  querySoa: { type: TYPES.SOA, read: readSoa },
};

/** The names of an address. */
const readPointers = readNames(TYPES.PTR);

module.exports = { NoData, kinds, readPointers };
