// `crypto`: asynchronous forms leave the loop free while they run, on as many threads as `UV_THREADPOOL_SIZE` says,
// and give what the synchronous ones give.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const { spawnSync } = require('node:child_process');

const argon2 = { message: 'password', nonce: 'saltsalt', parallelism: 1, tagLength: 32, memory: 1 << 15, passes: 3 };
const prime = crypto.generatePrimeSync(1024);
const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signature = crypto.sign('sha256', Buffer.from('data'), privateKey);

// Each takes long enough for a turn of the loop to be over before it ends.
const cases = {
  pbkdf2: [['password', 'salt', 300_000, 32, 'sha256'], true],
  scrypt: [['password', 'salt', 32, { N: 1 << 15, maxmem: 1 << 26 }], true],
  argon2: [['argon2id', argon2], true],
  generateKeyPair: [['rsa', { modulusLength: 2048 }], false],
  generatePrime: [[512, { safe: true }], false],
  checkPrime: [[prime, { checks: 200 }], true],
};

/** Turns of the loop from the call of an asynchronous form to its callback. */
function run(name) {
  const [args, isSettled] = cases[name];
  return new Promise((resolve, reject) => {
    let turns = 0;
    let isDone = false;
    const turn = () => {
      turns++;
      if (!isDone) setImmediate(turn);
    };
    crypto[name](...args, (error, result) => {
      isDone = true;
      if (error) return reject(error);
      if (isSettled) assert.deepStrictEqual(result, crypto[`${name}Sync`](...args), name);
      resolve(turns);
    });
    setImmediate(turn);
  });
}

async function inTurn() {
  for (const name of Object.keys(cases)) assert.ok(await run(name) > 1, name);
  // The small ones end in a later turn, too.
  for (const start of [
    (done) => crypto.randomBytes(8, done),
    (done) => crypto.randomFill(Buffer.alloc(8), done),
    (done) => crypto.hkdf('sha256', 'key', 'salt', 'info', 8, done),
    (done) => crypto.sign('sha256', Buffer.from('data'), privateKey, done),
    (done) => crypto.verify('sha256', Buffer.from('data'), publicKey, signature, done),
    (done) => crypto.generateKey('aes', { length: 128 }, done),
    (done) => crypto.diffieHellman({ privateKey, publicKey }, done),
  ]) {
    let hasReturned = false;
    await new Promise((resolve, reject) => {
      start((error) => (error || !hasReturned ? reject(error ?? new Error('at once')) : resolve()));
      hasReturned = true;
    });
  }
}

/** In which order a long piece of work and a short one that was begun after it end. */
function order() {
  const ended = [];
  const end = (name) => (error) => {
    if (error) throw error;
    if (ended.push(name) === 2) console.log(ended.join());
  };
  crypto.pbkdf2('password', 'salt', 1_000_000, 32, 'sha512', end('long'));
  crypto.pbkdf2('password', 'salt', 1, 32, 'sha512', end('short'));
}

if (process.argv[2] === 'order') {
  order();
} else {
  for (const [size, expected] of [['1', 'long,short'], ['2', 'short,long']]) {
    const env = { ...process.env, UV_THREADPOOL_SIZE: size };
    const { stdout } = spawnSync(process.execPath, [__filename, 'order'], { encoding: 'utf8', env });
    assert.strictEqual(stdout.trim(), expected, `${size} threads`);
  }
  inTurn().then(() => console.log('ok'));
}
