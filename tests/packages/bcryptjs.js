// bcryptjs: known hashes, both forms, progress.
'use strict';
const bcrypt = require('bcryptjs');

console.log(bcrypt.hashSync('pässword', '$2b$04$abcdefghijklmnopqrstuu'), bcrypt.compareSync('secret', '$2b$04$abcdefghijklmnopqrstuuwrong'), bcrypt.getRounds('$2a$10$abcdefghijklmnopqrstuu'));
bcrypt.hash('secret', 5).then(async (hash) => {
  console.log(hash.slice(0, 7), await bcrypt.compare('secret', hash), await bcrypt.compare('Secret', hash), bcrypt.truncates('x'.repeat(80)));
  await bcrypt.hash('x', 'bad salt').catch((error) => console.log(error.message));
});
