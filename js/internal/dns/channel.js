// The part of a `Resolver` that asks: its servers, its queries and when they are tried again. It does what
// c-ares, Node's resolver, does.
'use strict';

const asyncContext = require('internal/async_context');
const { Timeout, clearTimeout, insert, setImmediate } = require('internal/timers');
const { NoData, kinds, readPointers } = require('internal/dns/records');
const { TYPES, answersQuestion, encodeQuery, questionName } = require('internal/dns/message');
const { DatagramConnection, StreamConnection } = require('internal/dns/connection');
const { PORT, hostNames, readResolverConfiguration } = require('internal/dns/configuration');
const { reverseName, toBytes, toText } = require('internal/dns/addresses');
const { isIP, isIPv4 } = require('internal/net_address');
const binding = internalBinding('dns');

/** How long an answer may take where nobody says, and how long it always may, in milliseconds. */
const DEFAULT_TIMEOUT = 2000;
const LEAST_TIMEOUT = 250;

/** How long a server that failed is left alone, and how often one of those is then tried beside the others. */
const PAUSE = 5000;
const PROBE_CHANCE = 0.1;

const UV_EINVAL = -22;

/** What the response codes of servers mean, where they are errors. */
const RESPONSE_CODES = ['', 'EFORMERR', 'ESERVFAIL', 'ENOTFOUND', 'ENOTIMP', 'EREFUSED'];
const LAST_KNOWN_CODE = 11;

/** One question and who waits for its answer. */
class Query {
  constructor(type, packet, finish) {
    this.type = type;
    this.packet = packet;
    this.decodedName = questionName(packet);
    this.finish = finish;
    this.tries = 0;
    this.code = 'ETIMEOUT';
    this.connection = undefined;
    this.timer = undefined;
    this.byStream = false;
    /** The only server to ask, where it is to be found out whether it works again. */
    this.probed = undefined;
  }

  get id() {
    return this.packet[0] << 8 | this.packet[1];
  }
}

/** @returns {string | undefined} the error that a message says */
function codeOf({ rcode, answers }) {
  if (rcode < RESPONSE_CODES.length && rcode !== 0) return RESPONSE_CODES[rcode];
  if (rcode > LAST_KNOWN_CODE) return 'ESERVFAIL';
  return answers.length === 0 ? 'ENODATA' : undefined;
}

/** An address as it is shown. */
function normalize(address) {
  return toText(toBytes(address));
}

class ChannelWrap {
  #timeout;
  #tries;
  #maxTimeout;
  #rotate = false;
  #servers;
  #localAddresses = { 4: undefined, 6: undefined };
  #queries = new Map();

  constructor(timeout, tries, maxTimeout) {
    this.#timeout = timeout;
    this.#tries = tries;
    this.#maxTimeout = maxTimeout;
  }

  /** The servers: at first those of the system. */
  #allServers() {
    if (this.#servers === undefined) {
      const { servers, rotate, timeout } = readResolverConfiguration();
      this.#use(servers);
      this.#rotate = rotate;
      if (this.#timeout <= 0) this.#timeout = timeout;
    }
    return this.#servers;
  }

  #use(servers) {
    this.#servers = servers.map(({ address, port }, index) => ({
      address,
      family: isIPv4(address) ? 4 : 6,
      port,
      index,
      failures: 0,
      pausedUntil: 0,
      datagrams: undefined,
      stream: undefined,
    }));
  }

  /** @returns {[address: string, port: number][]} */
  getServers() {
    return this.#allServers().map(({ address, port }) => [normalize(address), port || PORT]);
  }

  /** @returns {boolean} whether nobody waits for an answer, so that the servers are changed */
  setServers(servers) {
    if (this.#queries.size > 0) return false;
    const seen = new Set();
    this.#use(servers.filter(({ address, port }) => {
      const key = `${normalize(address)} ${port}`;
      return !seen.has(key) && seen.add(key);
    }));
    return true;
  }

  /** Where queries come from. */
  setLocalAddresses(version4, version6) {
    this.#localAddresses = { 4: version4, 6: version6 };
  }

  /** Those who wait get ECANCELLED. */
  cancel() {
    for (const query of [...this.#queries.values()]) this.#end(query, 'ECANCELLED');
  }

  /**
   * @param {string} kind  such as `queryA`
   * @param {{ ttl: boolean, oncomplete: (code: string | null, result?: any) => void }} request
   * @param {string} name
   */
  query(kind, request, name) {
    const { type, read } = kinds[kind];
    this.#ask(request, name, type, (message) => read(message, request));
  }

  /**
   * The names of an address.
   * @returns {number} a negative error number where it is none
   */
  getHostByAddr(request, address) {
    if (isIP(address) === 0) return UV_EINVAL;
    let listed;
    try {
      listed = hostNames(address, normalize);
    } catch (refusal) {
      this.#answer(request, refusal.code);
      return 0;
    }
    if (listed.length > 0) {
      // The first one is what the others stand for.
      this.#answer(request, null, listed.slice(1));
      return 0;
    }
    this.#ask(request, reverseName(address), TYPES.PTR, readPointers, (code) => {
      return code === 'ECANCELLED' ? code : 'ENOTFOUND';
    });
    return 0;
  }

  #ask(request, name, type, read, translate = (code) => code) {
    let id;
    try {
      id = this.#newId(name);
    } catch (refusal) {
      this.#answer(request, refusal.code);
      return;
    }
    const packet = encodeQuery(id, name, type);
    if (packet === null || /\.onion\.?$/i.test(name)) {
      this.#answer(request, packet === null ? 'EBADNAME' : 'ENOTFOUND');
      return;
    }
    const context = asyncContext.current();
    const query = new Query(type, packet, (code, message) => {
      if (code !== null) {
        this.#answer(request, translate(code), undefined, context);
        return;
      }
      let result;
      try {
        result = read(message);
      } catch (error) {
        if (!(error instanceof NoData)) throw error;
        this.#answer(request, error.code, undefined, context);
        return;
      }
      this.#answer(request, null, result, context);
    });
    this.#queries.set(query.id, query);
    this.#send(query);
  }

  /** Calls back, never within the call that asked. */
  #answer(request, code, result, context = asyncContext.current()) {
    asyncContext.run(context, setImmediate, [answerRequest, request, code, result]);
  }

  /** A number that no query has. Throws where the program may not ask for the name. */
  #newId(name) {
    let id;
    do id = binding.randomId(name);
    while (this.#queries.has(id));
    return id;
  }

  /** The server that has failed least; of those the first one, or any. */
  #choose() {
    const servers = this.#allServers();
    const least = Math.min(...servers.map(({ failures }) => failures));
    const best = servers.filter(({ failures }) => failures === least);
    return best[this.#rotate ? Math.floor(Math.random() * best.length) : 0];
  }

  #send(query) {
    const server = query.probed ?? this.#choose();
    if (server === undefined) {
      this.#end(query, 'ESERVFAIL');
      return;
    }
    if (query.probed === undefined && query.tries === 0) this.#probe(query);
    const connection = this.#connect(server, query.byStream);
    if (connection === null || !connection.add(query)) {
      this.#blame(server);
      this.#retry(query, 'ECONNREFUSED');
      return;
    }
    query.connection = connection;
    // The connection keeps the program running, so the timer needs not.
    query.timer = new Timeout(timeOut, this.#timeoutOf(query), [this, query], false, false);
    insert(query.timer, query.timer._idleTimeout);
  }

  #connect(server, byStream) {
    const kind = byStream ? 'stream' : 'datagrams';
    if (server[kind]?.handle !== undefined) return server[kind];
    const connection = byStream ? new StreamConnection(server, this.#events) : new DatagramConnection(server, this.#events);
    if (!connection.open(this.#localAddresses[server.family])) {
      connection.close();
      return null;
    }
    server[kind] = connection;
    return connection;
  }

  /** Sometimes asks a server that failed as well, to find out whether it works again. */
  #probe(query) {
    const now = Date.now();
    const failed = this.#servers.find(({ failures, pausedUntil }) => failures > 0 && pausedUntil <= now);
    if (failed === undefined || Math.random() >= PROBE_CHANCE) return;
    failed.pausedUntil = now + PAUSE;
    const packet = query.packet.slice();
    const id = this.#newId();
    packet.set([id >> 8, id & 255]);
    const probe = new Query(query.type, packet, () => {});
    probe.probed = failed;
    this.#queries.set(id, probe);
    this.#send(probe);
  }

  /** Longer with each round of all servers. */
  #timeoutOf({ tries }) {
    const base = Math.max(this.#timeout > 0 ? this.#timeout : DEFAULT_TIMEOUT, LEAST_TIMEOUT);
    const round = Math.floor(tries / this.#servers.length);
    let timeout = base * 2 ** round;
    if (this.#maxTimeout > 0) timeout = Math.min(timeout, this.#maxTimeout);
    // Not all that waited for the same server ask it again at the same time.
    if (round > 0) timeout -= timeout * Math.random() / 2;
    return Math.max(timeout, base);
  }

  #blame(server) {
    server.failures++;
    server.pausedUntil = Date.now() + PAUSE;
  }

  /** Takes a query from its connection. */
  #detach(query) {
    clearTimeout(query.timer);
    query.connection?.remove(query);
    query.connection = undefined;
  }

  #retry(query, code) {
    query.code = code;
    const limit = query.probed === undefined ? this.#servers.length * this.#tries : 1;
    if (++query.tries < limit) this.#send(query);
    else this.#end(query, code);
  }

  #end(query, code, message) {
    this.#detach(query);
    this.#queries.delete(query.id);
    query.finish(code, message);
  }

  /** Called when an answer did not come in time. */
  timedOut(query) {
    this.#blame(query.connection.server);
    this.#detach(query);
    this.#retry(query, 'ETIMEOUT');
  }

  #events = {
    answered: (connection, message) => {
      const query = connection.queries.get(message.id);
      // Somebody else's, or an answer to something that was not asked.
      if (query === undefined || !answersQuestion(message, query)) return;
      if (message.truncated && !query.byStream) {
        this.#detach(query);
        query.byStream = true;
        this.#send(query);
        return;
      }
      connection.server.failures = 0;
      const code = codeOf(message);
      this.#end(query, code ?? null, message);
    },
    failed: (connection, code) => {
      this.#blame(connection.server);
      const queries = [...connection.queries.values()];
      for (const query of queries) this.#detach(query);
      connection.close();
      for (const query of queries) this.#retry(query, code);
    },
  };
}

function timeOut(channel, query) {
  channel.timedOut(query);
}

function answerRequest(request, code, result) {
  request.oncomplete(code, result);
}

module.exports = { ChannelWrap };
