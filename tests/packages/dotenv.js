// dotenv: parsing, quotes, several lines, overriding.
'use strict';
const fs = require('fs');
const dotenv = require('dotenv');

fs.writeFileSync('.env', 'A=1\nB="two\\nlines"\nC=\'$A raw\' # comment\n# nothing\nexport D = spaced  \nE="several\nlines"\nHOME=/changed\nF=`back"tick\'`\n');
const { parsed } = dotenv.config({ quiet: true });
console.log(parsed, process.env.A, process.env.HOME === '/changed');
console.log(dotenv.config({ override: true, quiet: true }).error, process.env.HOME);
console.log(dotenv.config({ path: 'none', quiet: true }).error.code);
console.log(dotenv.parse(Buffer.from('X=1\r\nY=#not\nZ="#yes"')));
