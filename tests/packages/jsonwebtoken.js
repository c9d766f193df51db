// jsonwebtoken: secrets, RSA and EC keys, expiry and other refusals.
'use strict';
const crypto = require('crypto');
const jwt = require('jsonwebtoken');

const payload = { sub: 'ann', iat: 1700000000 };
console.log(jwt.sign(payload, 'secret'), jwt.sign(payload, 'secret', { algorithm: 'HS512', audience: 'x', keyid: 'k' }));
for (const [algorithm, type, options] of [['RS256', 'rsa', { modulusLength: 2048 }], ['PS384', 'rsa', { modulusLength: 2048 }], ['ES256', 'ec', { namedCurve: 'P-256' }], ['ES512', 'ec', { namedCurve: 'P-521' }]]) {
  const { privateKey, publicKey } = crypto.generateKeyPairSync(type, options);
  const token = jwt.sign(payload, privateKey.export({ type: 'pkcs8', format: 'pem' }), { algorithm });
  console.log(jwt.decode(token, { complete: true }).header, jwt.verify(token, publicKey.export({ type: 'spki', format: 'pem' }), { algorithms: [algorithm] }));
}
const refused = (token, secret, options) => { try { console.log(jwt.verify(token, secret, options)); } catch (error) { console.log(error.name, error.message); } };
refused(jwt.sign({ ...payload, exp: 1700000001 }, 'secret'), 'secret');
refused(jwt.sign(payload, 'secret'), 'other');
refused(jwt.sign(payload, 'secret', { notBefore: '99y' }), 'secret');
refused(jwt.sign({ ...payload, aud: 'a' }, 'secret'), 'secret', { audience: /^b/ });
refused(jwt.sign(payload, '', { algorithm: 'none' }), 'secret');
refused('a.b.c', 'secret');
jwt.verify(jwt.sign(payload, 'late'), (header, done) => setImmediate(done, null, 'late'), (error, decoded) => console.log(error, decoded));
