// cookie-parser: plain, signed, forged and JSON cookies.
'use strict';
const cookieParser = require('cookie-parser');
const signature = require('cookie-signature');
const http = require('http');

const parse = cookieParser(['new secret', 'old secret']);
const server = http.createServer((req, res) => parse(req, res, () => res.end(JSON.stringify([req.cookies, req.signedCookies])))).listen(0, async () => {
  for (const cookie of ['a=1; b=%20x', `s=s%3A${encodeURIComponent(signature.sign('kept', 'old secret'))}`, 's=s%3Aforged.signature', 'j=j%3A%7B%22k%22%3A%5B1%5D%7D', 'broken; =x; __proto__=1']) {
    console.log(await new Promise((resolve) => {
      http.get({ port: server.address().port, headers: { cookie } }, (res) => res.setEncoding('utf8').on('data', resolve));
    }));
  }
  console.log(cookieParser.JSONCookie('j:[1]'), cookieParser.signedCookie('s:x.bad', 'k'));
  server.close();
  server.closeAllConnections();
});
