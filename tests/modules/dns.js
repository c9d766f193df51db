// `dns`: what a resolver makes of the answers of a small name server, of its silence and of its absence.
'use strict';

const assert = require('node:assert');
const dgram = require('node:dgram');
const dns = require('node:dns');
const net = require('node:net');
const { AsyncLocalStorage } = require('node:async_hooks');
const test = require('node:test');

const TYPES = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, TLSA: 52, CAA: 257 };

const short = (...numbers) => Buffer.from(numbers.flatMap((number) => [number >> 8, number & 255]));
const long = (...numbers) => Buffer.concat(numbers.map((number) => short(number >>> 16, number & 0xffff)));
const string = (text) => Buffer.from([text.length, ...Buffer.from(text, 'latin1')]);
const name = (text) => Buffer.concat([...text.split('.').filter(Boolean).map(string), Buffer.from([0])]);

/** A record of the question's own name. */
function record(type, ...data) {
  const bytes = Buffer.concat(data);
  return Buffer.concat([Buffer.from([0xc0, 12]), short(TYPES[type], 1), long(60), short(bytes.length), bytes]);
}

function endOfQuestion(query) {
  let offset = 12;
  while (query[offset] !== 0) offset += query[offset] + 1;
  return offset + 5;
}

function reply(query, answers = [], { code = 0, truncated = false, count = answers.length } = {}) {
  const head = Buffer.from(query.subarray(0, 12));
  head[2] |= 0x80 | (truncated ? 2 : 0);
  head[3] = 0x80 | code;
  head.writeUInt16BE(count, 6);
  return Buffer.concat([head, query.subarray(12, endOfQuestion(query)), ...answers]);
}

/** A name server on one port, by datagrams and by streams. */
class Server {
  constructor(answer) {
    this.answer = answer;
    this.queries = 0;
  }

  async start() {
    this.tcp = net.createServer((socket) => this.#serve(socket));
    this.tcp.listen(0, '127.0.0.1');
    await new Promise((resolve) => this.tcp.once('listening', resolve));
    this.udp = dgram.createSocket('udp4', (query, { port, address }) => {
      for (const message of this.#answers(query, 'datagram')) this.udp.send(message, port, address);
    });
    this.udp.bind(this.port, '127.0.0.1');
    await new Promise((resolve) => this.udp.once('listening', resolve));
    return this;
  }

  #answers(query, way) {
    this.queries++;
    return [this.answer(query, way) ?? []].flat();
  }

  #serve(socket) {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      // In two pieces: the answer has to be put together.
      const message = Buffer.concat(this.#answers(received.subarray(2), 'stream'));
      socket.write(short(message.length));
      setImmediate(() => socket.end(message));
    });
    socket.on('error', () => {});
  }

  get port() {
    return this.tcp.address().port;
  }

  get address() {
    return `127.0.0.1:${this.port}`;
  }

  stop() {
    this.udp.close();
    this.tcp.close();
  }
}

async function withServer(answer, work, options = { timeout: 250, tries: 1 }) {
  const server = await new Server(answer).start();
  const resolver = new dns.promises.Resolver(options);
  resolver.setServers([server.address]);
  try {
    return await work(resolver, server);
  } finally {
    server.stop();
  }
}

function ask(method, answers, options) {
  return withServer((query) => reply(query, answers), (resolver) => resolver[method]('x.test', options));
}

test('records of all types', async () => {
  assert.deepStrictEqual(await ask('resolve4', [record('A', Buffer.from([1, 2, 3, 4]))]), ['1.2.3.4']);
  assert.deepStrictEqual(await ask('resolve4', [record('A', Buffer.from([1, 2, 3, 4]))], { ttl: true }),
                         [{ address: '1.2.3.4', ttl: 60 }]);
  const v6 = (hex) => record('AAAA', Buffer.from(hex, 'hex'));
  assert.deepStrictEqual(await ask('resolve6', [
    v6('20010db8000000000000000000000001'), v6('00000000000000000000ffff01020304'),
    v6('20010db8000000010001000100010001'), v6('20010000000000000001000000000000'),
  ]), ['2001:db8::1', '::ffff:1.2.3.4', '2001:db8:0:1:1:1:1:1', '2001::1:0:0:0']);
  assert.deepStrictEqual(await ask('resolveCaa', [record('CAA', Buffer.from([128]), string('issue'), Buffer.from('ca.test'))]),
                         [{ critical: 128, type: 'CAA', issue: 'ca.test' }]);
  assert.deepStrictEqual(await ask('resolveCname', [record('CNAME', name('y.test'))]), ['y.test']);
  assert.deepStrictEqual(await ask('resolveMx', [record('MX', short(20), name('b.x')), record('MX', short(10), name(''))]),
                         [{ exchange: 'b.x', priority: 20, type: 'MX' }, { exchange: '', priority: 10, type: 'MX' }]);
  assert.deepStrictEqual(
    await ask('resolveNaptr', [record('NAPTR', short(100, 10), string('u'), string('E2U'), string('!a!b!'), name(''))]),
    [{ flags: 'u', service: 'E2U', regexp: '!a!b!', replacement: '', order: 100, preference: 10, type: undefined }]);
  // The name ends with a reference to the question's.
  assert.deepStrictEqual(await ask('resolveNs', [record('NS', string('ns'), Buffer.from([0xc0, 12]))]), ['ns.x.test']);
  assert.deepStrictEqual(await ask('resolvePtr', [record('PTR', name('p.x'))]), ['p.x']);
  assert.deepStrictEqual(
    await ask('resolveSoa', [record('SOA', name('ns.x'), name('root.x'), long(0xffffffff, 2, 3, 4, 0xfffffffe))]),
    { nsname: 'ns.x', hostmaster: 'root.x', serial: 0xffffffff, refresh: 2, retry: 3, expire: 4, minttl: 0xfffffffe,
      type: undefined });
  assert.deepStrictEqual(await ask('resolveSrv', [record('SRV', short(10, 5, 80), name('s.x'))]),
                         [{ name: 's.x', port: 80, priority: 10, weight: 5, type: 'SRV' }]);
  const [{ data, ...tlsa }] = await ask('resolveTlsa', [record('TLSA', Buffer.from([3, 1, 2, 0xde, 0xad]))]);
  assert.deepStrictEqual(tlsa, { certUsage: 3, selector: 1, match: 2 });
  assert.ok(data instanceof ArrayBuffer);
  assert.deepStrictEqual(Buffer.from(data), Buffer.from([0xde, 0xad]));
  assert.deepStrictEqual(await ask('resolveTxt', [record('TXT', string('a'), string('b\xe9')), record('TXT', string(''))]),
                         [['a', 'b\xe9'], ['']]);
  assert.deepStrictEqual(await ask('resolveAny', [
    record('TXT', string('t')), record('A', Buffer.from([1, 2, 3, 4])), record('MX', short(1), name('m.x')),
  ]), [
    { address: '1.2.3.4', ttl: 60, type: 'A' }, { exchange: 'm.x', priority: 1, type: 'MX' },
    { entries: ['t'], type: 'TXT' },
  ]);
});

test('response codes, and answers that are none', async () => {
  const codes = {
    1: 'EFORMERR', 2: 'ESERVFAIL', 3: 'ENOTFOUND', 4: 'ENOTIMP', 5: 'EREFUSED', 6: 'ENODATA', 12: 'ESERVFAIL', 0: 'ENODATA',
  };
  for (const [number, code] of Object.entries(codes)) {
    const error = await withServer((query) => reply(query, [], { code: +number }),
                                   (resolver) => resolver.resolveMx('x.test').catch((error) => error));
    assert.strictEqual(error.message, `queryMx ${code} x.test`);
    assert.deepStrictEqual({ ...error }, { errno: undefined, code, syscall: 'queryMx', hostname: 'x.test' });
  }
  const bad = [
    (query) => reply(query, [], { count: 1 }),
    (query) => reply(query, [record('A', Buffer.from([1, 2, 3]))]),
    (query) => reply(query, [record('NS', Buffer.from([0xc0, 0xff]))]),
    (query) => reply(query, [record('NS', Buffer.from([0xc0, endOfQuestion(query) + 12]))]),
    (query) => reply(query, [record('TXT', Buffer.from([9, 65]))]),
    () => Buffer.from('x'),
  ];
  for (const answer of bad) {
    await withServer(answer, (resolver) => assert.rejects(resolver.resolve4('x.test'), { code: 'EBADRESP' }));
  }
});

test('answers that were not asked for are not taken', async () => {
  await withServer((query) => {
    const right = reply(query, [record('A', Buffer.from([1, 2, 3, 4]))]);
    const otherNumber = Buffer.from(right);
    otherNumber[1] ^= 1;
    const otherName = Buffer.from(right);
    otherName[13] ^= 1;
    return [otherNumber, otherName, right];
  }, async (resolver) => assert.deepStrictEqual(await resolver.resolve4('x.test'), ['1.2.3.4']));
});

test('an answer that no datagram holds comes by a stream', async () => {
  const many = Array.from({ length: 1000 }, (_, index) => record('A', Buffer.from([1, 2, index >> 8, index & 255])));
  await withServer((query, way) => (way === 'datagram' ? reply(query, [], { truncated: true }) : reply(query, many)),
                   async (resolver) => {
                     const found = await resolver.resolve4('x.test');
                     assert.strictEqual(found.length, 1000);
                     assert.strictEqual(found[999], '1.2.3.231');
                   });
});

test('servers that are silent, absent or failing', async () => {
  await withServer(() => null, async (resolver, server) => {
    await assert.rejects(resolver.resolve4('x.test'), { message: 'queryA ETIMEOUT x.test' });
    assert.strictEqual(server.queries, 2);
  }, { timeout: 250, tries: 2 });
  const server = await new Server((query) => reply(query, [record('A', Buffer.from([1, 2, 3, 4]))])).start();
  const gone = await new Server(() => null).start();
  const absent = gone.address;
  gone.stop();
  const resolver = new dns.promises.Resolver({ timeout: 250, tries: 1 });
  resolver.setServers([absent]);
  await assert.rejects(resolver.resolve4('x.test'), { code: 'ECONNREFUSED' });
  resolver.setServers([absent, server.address]);
  assert.deepStrictEqual(await resolver.resolve4('x.test'), ['1.2.3.4']);
  server.stop();
});

test('cancel, and servers that cannot be changed meanwhile', async () => {
  await withServer(() => null, async (resolver, server) => {
    const other = new dns.Resolver();
    other.setServers([server.address]);
    const codes = [];
    const done = new Promise((resolve) => {
      for (let index = 0; index < 3; index++) {
        other.resolve4(`x${index}.test`, (error) => {
          codes.push(error.message);
          if (codes.length === 3) resolve();
        });
      }
    });
    assert.throws(() => other.setServers(['127.0.0.1']), {
      code: 'ERR_DNS_SET_SERVERS_FAILED',
      message: 'c-ares failed to set servers: "There are pending queries." [[ \'127.0.0.1\' ]]',
    });
    other.cancel();
    assert.deepStrictEqual(codes, []);
    await done;
    assert.deepStrictEqual(codes, [0, 1, 2].map((index) => `queryA ECANCELLED x${index}.test`));
  });
});

test('names as they are asked for', async () => {
  const asked = [];
  await withServer((query) => {
    let text = '';
    for (let offset = 12; query[offset] !== 0; offset += query[offset] + 1) {
      text += `${query.latin1Slice(offset + 1, offset + 1 + query[offset])}|`;
    }
    asked.push(text);
    return reply(query, [record('PTR', name('p.x'))]);
  }, async (resolver) => {
    await resolver.resolvePtr('b\xfccher.Test.');
    await resolver.resolvePtr('a\\.b\\067.test');
    assert.deepStrictEqual(await resolver.reverse('192.0.2.1'), ['p.x']);
    await resolver.reverse('2001:db8::f');
    for (const bad of ['a..b', '.a', 'a b', 'a+b', `${'a'.repeat(64)}.x`, `${'a.'.repeat(130)}x`, 'a\\']) {
      await assert.rejects(resolver.resolvePtr(bad), { code: 'EBADNAME', hostname: bad });
    }
    await assert.rejects(resolver.resolvePtr('a.onion'), { code: 'ENOTFOUND' });
    await assert.rejects(resolver.reverse('nonsense'), { code: 'EINVAL', errno: -22 });
  });
  assert.deepStrictEqual(asked, [
    'xn--bcher-kva|test|', 'a.bC|test|', '1|2|0|192|in-addr|arpa|',
    `f|${'0|'.repeat(23)}8|b|d|0|1|0|0|2|ip6|arpa|`,
  ]);
});

test('servers as they are set and shown', () => {
  const resolver = new dns.Resolver();
  resolver.setServers(['1.1.1.1:53', '[::1]:54', '1.1.1.1', '[0:0::2]', '3.3.3.3:65535']);
  assert.deepStrictEqual(resolver.getServers(), ['1.1.1.1', '[::1]:54', '::2', '3.3.3.3:65535']);
  for (const bad of ['', 'x', '1.1.1.1:', '[::1', '1.1.1.1:5x', ':'.repeat(100000)]) {
    assert.throws(() => resolver.setServers([bad]), { code: 'ERR_INVALID_IP_ADDRESS' });
  }
  assert.throws(() => resolver.setServers(['1.1.1.1:65536']), { code: 'ERR_SOCKET_BAD_PORT' });
  assert.strictEqual(resolver.getServers().length, 4);
  assert.throws(() => resolver.setLocalAddress('1.1.1.1', '2.2.2.2'), /Cannot specify two IPv4 addresses/);
});

test('the asynchronous context, and what keeps the program running', async () => {
  const storage = new AsyncLocalStorage();
  const server = await new Server((query) => reply(query, [record('A', Buffer.from([1, 2, 3, 4]))])).start();
  const resolver = new dns.Resolver();
  resolver.setServers([server.address]);
  const seen = await Promise.all(['a', 'b'].map((store) => storage.run(store, () => new Promise((resolve) => {
    const request = resolver.resolve4('x.test', function() {
      assert.strictEqual(this, request);
      resolve(storage.getStore());
    });
    assert.strictEqual(request.constructor.name, 'QueryReqWrap');
  }))));
  assert.deepStrictEqual(seen, ['a', 'b']);
  server.stop();
});

test('lookup and lookupService', async () => {
  assert.deepStrictEqual(await dns.promises.lookup('127.0.0.1'), { address: '127.0.0.1', family: 4 });
  assert.deepStrictEqual(await dns.promises.lookupService('127.0.0.1', 80), { hostname: 'localhost', service: 'http' });
  await assert.rejects(dns.promises.lookup('no.such.invalid'), (error) => {
    assert.strictEqual(error.syscall, 'getaddrinfo');
    assert.strictEqual(error.hostname, 'no.such.invalid');
    return true;
  });
  assert.throws(() => dns.lookup('', () => {}), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => dns.lookupService('localhost', 80, () => {}), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => dns.setDefaultResultOrder('random'), { code: 'ERR_INVALID_ARG_VALUE' });
});
