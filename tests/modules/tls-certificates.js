// Certificates of `tls`: whom a client and a server believe, what is wrong with the others, and how certificates
// are shown.
'use strict';

const assert = require('node:assert');
const tls = require('node:tls');
const { X509Certificate } = require('node:crypto');
const { once } = require('node:events');
const { certify } = require('../../fixtures/certificates');

const SERVER_AUTH = '2b06010505070301';
const CLIENT_AUTH = '2b06010505070302';
const ADVICE = '; if the root CA is installed locally, try running Node.js with --use-system-ca';

const authority = certify({ subject: { C: 'DE', O: 'Tests', CN: 'authority' }, authority: true });
const middle = certify({ subject: { O: 'Tests', CN: 'middle' }, issuer: authority, authority: true });
const leaf = certify({ issuer: middle });
const direct = certify({ issuer: authority });
const own = certify({ subject: { O: 'Me', OU: 'First', CN: 'me' } });

/** How a client and a server find each other: `[client's verdict, its code, server's verdict, its code]`. */
async function meet(serverOptions, clientOptions) {
  const server = tls.createServer({ key: direct.key, cert: direct.cert, ...serverOptions });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const seen = [];
  server.on('secureConnection', (socket) => {
    seen.push(socket.authorized, socket.authorizationError);
    socket.on('error', () => {});
    socket.end();
  });
  const client = tls.connect({
    host: '127.0.0.1', port: server.address().port, servername: 'localhost', rejectUnauthorized: false, ...clientOptions,
  });
  let error = null;
  client.on('error', (it) => error = it);
  client.resume();
  await new Promise((resolve) => client.on('close', resolve));
  server.close();
  await once(server, 'close');
  return { error, verdict: [client.authorized, client.authorizationError], server: seen };
}

async function serversCertificates() {
  const verdict = async (...options) => (await meet(...options)).verdict;
  const ca = authority.cert;
  assert.deepStrictEqual(await verdict({}, { ca }), [true, null]);
  assert.deepStrictEqual(await verdict({}, { ca: [own.cert, Buffer.from(ca)] }), [true, null]);
  assert.deepStrictEqual(await verdict({}, {}), [false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
  assert.deepStrictEqual(await verdict(own, {}), [false, 'DEPTH_ZERO_SELF_SIGNED_CERT']);
  assert.deepStrictEqual(await verdict(own, { ca: own.cert, servername: 'localhost' }), [true, null]);
  // The way to the root has to be complete.
  assert.deepStrictEqual(await verdict(leaf, { ca }), [false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
  assert.deepStrictEqual(await verdict({ ...leaf, cert: leaf.cert + middle.cert }, { ca }), [true, null]);
  assert.deepStrictEqual(await verdict({ ...leaf, cert: leaf.cert + middle.cert }, {}), [false, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY']);
  assert.deepStrictEqual(
    await verdict({ ...leaf, cert: leaf.cert + middle.cert + authority.cert }, {}), [false, 'SELF_SIGNED_CERT_IN_CHAIN']);
  assert.deepStrictEqual(await verdict(leaf, { ca: middle.cert }), [false, 'UNABLE_TO_GET_ISSUER_CERT']);
  assert.deepStrictEqual(await verdict(leaf, { ca: middle.cert, allowPartialTrustChain: true }), [true, null]);
  // Time and purpose.
  const past = certify({ issuer: authority, to: new Date('2021-01-01') });
  assert.deepStrictEqual(await verdict(past, { ca }), [false, 'CERT_HAS_EXPIRED']);
  const future = certify({ issuer: authority, from: new Date('2090-01-01') });
  assert.deepStrictEqual(await verdict(future, { ca }), [false, 'CERT_NOT_YET_VALID']);
  const forClients = certify({ issuer: authority, usage: [CLIENT_AUTH] });
  assert.deepStrictEqual(await verdict(forClients, { ca }), [false, 'INVALID_PURPOSE']);
  assert.deepStrictEqual(await verdict(certify({ issuer: authority, usage: [SERVER_AUTH] }), { ca }), [true, null]);
  // What was not signed by whom it names.
  const forged = certify({ issuer: { ...certify({ authority: true }), subject: authority.subject } });
  assert.deepStrictEqual(await verdict(forged, { ca }), [false, 'CERT_SIGNATURE_FAILURE']);
}

// The texts of errors, and that no event but these comes.
async function errors() {
  const text = async (options, clientOptions) => {
    const { error, server } = await meet(options, { rejectUnauthorized: true, ...clientOptions });
    return [error.code, error.message, server];
  };
  // With TLS 1.2 the client knows before the server has finished.
  const maxVersion = 'TLSv1.2';
  assert.deepStrictEqual(await text({ ...own, maxVersion }), [
    'DEPTH_ZERO_SELF_SIGNED_CERT', `self-signed certificate${ADVICE}`, [false, null]]);
  assert.deepStrictEqual(await text({ maxVersion }), [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE', `unable to verify the first certificate${ADVICE}`, [false, null]]);
  const past = certify({ issuer: authority, to: new Date('2021-01-01') });
  assert.deepStrictEqual((await text(past, { ca: authority.cert })).slice(0, 2), [
    'CERT_HAS_EXPIRED', 'certificate has expired']);
}

async function clientsCertificates() {
  const options = { requestCert: true, ca: authority.cert };
  const client = { ca: authority.cert };
  const lenient = { ...options, rejectUnauthorized: false };
  assert.deepStrictEqual((await meet(options, { ...client, ...direct })).server, [true, null]);
  assert.deepStrictEqual((await meet(lenient, client)).server, [false, 'UNABLE_TO_GET_ISSUER_CERT']);
  assert.deepStrictEqual((await meet(lenient, { ...client, ...own })).server, [false, 'DEPTH_ZERO_SELF_SIGNED_CERT']);
  const forServers = certify({ issuer: authority, usage: [SERVER_AUTH] });
  assert.deepStrictEqual((await meet(lenient, { ...client, ...forServers })).server, [false, 'INVALID_PURPOSE']);
  // Whoever is not believed gets no connection.
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    const none = await meet({ ...options, maxVersion }, client);
    assert.deepStrictEqual(none.server, []);
    assert.ok(['ECONNRESET', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE']
      .includes(none.error.code), none.error.code);
    const wrong = await meet({ ...options, maxVersion }, { ...client, ...own });
    assert.deepStrictEqual(wrong.server, []);
  }
  // A client without a choice of its own may show none.
  const none = await meet({}, { ...client, ...direct });
  assert.deepStrictEqual(none.server, [false, null]);
}

async function shown() {
  const server = tls.createServer({
    key: leaf.key, cert: leaf.cert + middle.cert, requestCert: true, ca: authority.cert, rejectUnauthorized: false,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = tls.connect({
    host: '127.0.0.1', port: server.address().port, servername: 'localhost', ca: authority.cert, key: own.key, cert: own.cert,
  });
  const [[socket]] = await Promise.all([once(server, 'secureConnection'), once(client, 'secureConnect')]);

  const certificate = client.getPeerCertificate();
  assert.deepStrictEqual(Object.keys(certificate), [
    'subject', 'issuer', 'subjectaltname', 'infoAccess', 'ca', 'modulus', 'exponent', 'pubkey', 'bits', 'valid_from',
    'valid_to', 'fingerprint', 'fingerprint256', 'fingerprint512', 'ext_key_usage', 'serialNumber', 'raw', 'asn1Curve',
    'nistCurve',
  ].filter((name) => name in certificate));
  assert.deepStrictEqual(certificate.subject, { __proto__: null, CN: 'localhost' });
  assert.deepStrictEqual(certificate.issuer, { __proto__: null, O: 'Tests', CN: 'middle' });
  assert.strictEqual(certificate.subjectaltname, 'DNS:localhost, IP Address:127.0.0.1');
  assert.strictEqual(certificate.ca, false);
  assert.strictEqual(certificate.serialNumber, leaf.serial.toString('hex').toUpperCase());
  assert.strictEqual(certificate.valid_to, 'Dec 31 00:00:00 2099 GMT');
  assert.deepStrictEqual([certificate.bits, certificate.asn1Curve, certificate.nistCurve], [256, 'prime256v1', 'P-256']);
  assert.deepStrictEqual(certificate.raw, leaf.raw);
  assert.strictEqual(certificate.fingerprint256, new X509Certificate(leaf.cert).fingerprint256);
  assert.strictEqual(certificate.issuerCertificate, undefined);

  // In detail, with the way to the root, which is its own issuer.
  const detailed = client.getPeerCertificate(true);
  assert.strictEqual(detailed.issuerCertificate.subject.CN, 'middle');
  const root = detailed.issuerCertificate.issuerCertificate;
  assert.deepStrictEqual({ ...root.subject }, authority.subject);
  assert.strictEqual(root.issuerCertificate, root);

  assert.deepStrictEqual({ ...socket.getPeerCertificate().subject }, own.subject);
  assert.deepStrictEqual({ ...client.getCertificate().subject }, own.subject);
  const x509 = client.getPeerX509Certificate();
  assert.ok(x509 instanceof X509Certificate);
  assert.strictEqual(x509.issuerCertificate.subject, 'O=Tests\nCN=middle');
  assert.strictEqual(socket.getX509Certificate().fingerprint256, x509.fingerprint256);
  client.end();
  await once(client.resume(), 'close');
  server.close();

  // One that is believed and its own issuer, but may issue none.
  const { error } = await meet(own, { ca: own.cert, servername: 'other.test', rejectUnauthorized: true });
  assert.strictEqual(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.deepStrictEqual(error.cert.issuerCertificate.raw, own.raw);

  const rsa = certify({ type: 'rsa' });
  const { modulus, exponent, bits, pubkey } = new X509Certificate(rsa.cert).toLegacyObject();
  assert.deepStrictEqual([modulus.length, exponent, bits, pubkey.length > 256], [512, '0x10001', 2048, true]);
}

// Whom this process believes, as a program may read and change it.
async function authorities() {
  assert.ok(tls.rootCertificates.length > 50);
  assert.ok(Object.isFrozen(tls.rootCertificates));
  assert.deepStrictEqual(tls.getCACertificates('bundled'), tls.rootCertificates);
  assert.throws(() => tls.getCACertificates('none'), { code: 'ERR_INVALID_ARG_VALUE' });
  const before = tls.getCACertificates();
  assert.deepStrictEqual((await meet({}, {})).verdict, [false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
  tls.setDefaultCACertificates([authority.cert]);
  assert.deepStrictEqual((await meet({}, {})).verdict, [true, null]);
  assert.deepStrictEqual(tls.getCACertificates(), [authority.cert]);
  assert.throws(() => tls.setDefaultCACertificates(['no certificate']), { code: 'ERR_CRYPTO_OPERATION_FAILED' });
  assert.throws(() => tls.setDefaultCACertificates([1]), { code: 'ERR_INVALID_ARG_TYPE' });
  tls.setDefaultCACertificates(before);
  assert.deepStrictEqual((await meet({}, {})).verdict, [false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
}

(async () => {
  for (const test of [serversCertificates, errors, clientsCertificates, shown, authorities]) await test();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
