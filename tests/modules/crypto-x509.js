// Certificates: what they say, what they are checked for, and names in them that look like several.
'use strict';

const assert = require('node:assert');
const { X509Certificate, createPrivateKey, createPublicKey, generateKeyPairSync } = require('node:crypto');

// A tiny writer of DER, enough for a certificate that is signed by its own key.
function der(tag, ...contents) {
  const body = Buffer.concat(contents.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const header = body.length < 128 ? [tag, body.length] : [tag, 0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from(header), body]);
}

const oid = (hex) => der(0x06, Buffer.from(hex, 'hex'));
const sequence = (...parts) => der(0x30, ...parts);
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

function nameOf(commonName) {
  return sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(commonName)))));
}

function extension(hex, value) {
  return sequence(oid(hex), der(0x04, value));
}

function certify({ publicKey, privateKey }, subject, alternativeNames, issuer = subject, signer = privateKey) {
  const validity = sequence(der(0x17, '200102030405Z'), der(0x18, '20991231235959Z'));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const extensions = sequence(
    extension('551d11', sequence(...alternativeNames)),
    extension('551d25', sequence(oid('2b06010505070301'))),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))), der(0x02, Buffer.from('0123456789abcdef', 'hex')), ecdsaWithSha256,
    nameOf(issuer), validity, nameOf(subject), spki, der(0xa3, extensions),
  );
  const signature = require('node:crypto').sign('sha256', body, signer);
  return sequence(body, ecdsaWithSha256, der(0x03, Buffer.of(0), signature));
}

const dns = (name) => der(0x82, name);
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const names = [dns('example.org'), dns('*.example.org'), der(0x87, Buffer.of(127, 0, 0, 1)), der(0x81, 'a@b.org')];
const raw = certify(keys, 'Müller, AG', names);
const certificate = new X509Certificate(raw);

assert.strictEqual(certificate.subject, 'CN=Müller\\, AG');
assert.strictEqual(certificate.issuer, certificate.subject);
assert.strictEqual(
  certificate.subjectAltName, 'DNS:example.org, DNS:*.example.org, IP Address:127.0.0.1, email:a@b.org');
assert.strictEqual(certificate.infoAccess, undefined);
assert.strictEqual(certificate.validFrom, 'Jan  2 03:04:05 2020 GMT');
assert.strictEqual(certificate.validToDate.toISOString(), '2099-12-31T23:59:59.000Z');
assert.strictEqual(certificate.serialNumber, '0123456789ABCDEF');
assert.deepStrictEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
assert.strictEqual(certificate.signatureAlgorithm, 'ecdsa-with-SHA256');
assert.strictEqual(certificate.signatureAlgorithmOid, '1.2.840.10045.4.3.2');
assert.strictEqual(certificate.ca, false);
assert.deepStrictEqual(certificate.raw, raw);
assert.match(certificate.fingerprint256, /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
assert.ok(certificate.publicKey.equals(keys.publicKey));
assert.ok(createPublicKey(certificate.toString()).equals(keys.publicKey));
assert.deepStrictEqual(new X509Certificate(certificate.toJSON()).raw, raw);
assert.deepStrictEqual(structuredClone(certificate).raw, raw);

// What it is for.
assert.strictEqual(certificate.checkHost('example.org'), 'example.org');
assert.strictEqual(certificate.checkHost('www.example.org'), '*.example.org');
assert.strictEqual(certificate.checkHost('www.example.org', { wildcards: false }), undefined);
assert.strictEqual(certificate.checkHost('example.com'), undefined);
assert.strictEqual(certificate.checkIP('127.0.0.1'), '127.0.0.1');
assert.strictEqual(certificate.checkIP('127.0.0.2'), undefined);
assert.throws(() => certificate.checkIP('localhost'), { code: 'ERR_INVALID_ARG_VALUE', message: 'Invalid name' });
assert.strictEqual(certificate.checkEmail('a@b.org'), 'a@b.org');
assert.throws(() => certificate.checkHost('a', { subject: 'perhaps' }), { code: 'ERR_INVALID_ARG_VALUE' });

// Whose it is.
const others = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const issued = new X509Certificate(certify(others, 'another', [dns('a.org')], 'Müller, AG', keys.privateKey));
assert.ok(certificate.checkPrivateKey(keys.privateKey));
assert.ok(!certificate.checkPrivateKey(others.privateKey));
assert.ok(certificate.verify(keys.publicKey));
assert.ok(!certificate.verify(others.publicKey));
assert.ok(issued.verify(keys.publicKey));
assert.ok(issued.checkIssued(certificate));
assert.ok(!certificate.checkIssued(issued));
assert.throws(() => certificate.verify(keys.privateKey), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => certificate.checkIssued({}), { code: 'ERR_INVALID_ARG_TYPE' });

// Names that would like to be two.
{
  const bad = [dns('a.org, DNS:b.org'), dns('c.org\0.d.org'), der(0x86, 'http://e.org/"f"'), der(0x87, Buffer.of(1))];
  const text = new X509Certificate(certify(keys, 'x', bad)).subjectAltName;
  assert.strictEqual(
    text,
    'DNS:"a.org\\u002c DNS:b.org", DNS:"c.org\\u0000.d.org", URI:"http://e.org/\\"f\\"", IP Address:<invalid length=1>');
}

// The older form.
{
  const { subject, subjectaltname, bits, asn1Curve, nistCurve, ca, raw: bytes } = certificate.toLegacyObject();
  assert.deepStrictEqual({ ...subject }, { CN: 'Müller, AG' });
  assert.strictEqual(subjectaltname, certificate.subjectAltName);
  assert.deepStrictEqual([bits, asn1Curve, nistCurve, ca], [256, 'prime256v1', 'P-256', false]);
  assert.deepStrictEqual(bytes, raw);
}

// What is no certificate: every shorter piece of one.
for (let length = 0; length < raw.length; length += 7) {
  assert.throws(() => new X509Certificate(raw.subarray(0, length)), { code: 'ERR_OSSL_PEM_NO_START_LINE' });
}
assert.throws(() => new X509Certificate(1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => createPrivateKey(certificate.toString()), { code: 'ERR_OSSL_UNSUPPORTED' });
assert.throws(
  () => Object.getOwnPropertyDescriptor(X509Certificate.prototype, 'subject').get.call({}),
  { code: 'ERR_INVALID_THIS' });
