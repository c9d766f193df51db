// bcrypt, a native add-on: known hashes, all forms, errors.
'use strict';
const bcrypt = require('bcrypt');

const salt = '$2b$04$abcdefghijklmnopqrstuu';
console.log(bcrypt.hashSync('pässword', salt), bcrypt.getRounds('$2a$10$abcdefghijklmnopqrstuu'));
console.log(bcrypt.compareSync('pässword', bcrypt.hashSync('pässword', salt)), bcrypt.genSaltSync(5).length);
bcrypt.hash('callback', salt, async (error, hash) => {
  console.log(error, hash);
  console.log(await Promise.all(['a', 'b', 'c'].map((text) => bcrypt.hash(text, salt))));
  console.log(await bcrypt.compare('callback', hash), await bcrypt.compare('other', hash));
  await bcrypt.hash('x', 'bad salt').catch((error) => console.log(error.message));
  await bcrypt.hash(5, 4).catch((error) => console.log(error.message));
});
