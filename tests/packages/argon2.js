// argon2 and @node-rs/argon2, native add-ons in C++ and in Rust: they agree with each other.
'use strict';
const argon2 = require('argon2');
const rust = require('@node-rs/argon2');

const salt = Buffer.from('0123456789abcdef');
const small = { salt, timeCost: 2, memoryCost: 1024, parallelism: 1 };
(async () => {
  const hash = await argon2.hash('pässword', small);
  console.log(hash, await argon2.verify(hash, 'pässword'), await argon2.verify(hash, 'other'), argon2.needsRehash(hash, small));
  console.log(await rust.hash('pässword', small) === hash.replace(/m=(\d+),p=(\d+),t=(\d+)/, 'm=$1,t=$3,p=$2'));
  console.log(rust.hashSync('x', small), await rust.verify(rust.hashSync('x', small), 'x'));
  console.log((await argon2.hash('raw', { ...small, raw: true, hashLength: 16 })).toString('hex'));
  await argon2.verify('$argon2id$nonsense', 'x').catch((error) => console.log(error.name));
  await rust.verify('nonsense', 'x').catch((error) => console.log(error.code, error.message));
})();
