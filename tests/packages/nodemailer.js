// nodemailer: composes a message and sends it to a small SMTP server.
'use strict';
const net = require('net');
const nodemailer = require('nodemailer');

const lines = [];
const server = net.createServer((socket) => {
  let inData = false;
  let rest = '';
  socket.write('220 test\r\n');
  socket.setEncoding('utf8').on('data', (chunk) => {
    const parts = (rest + chunk).split('\r\n');
    rest = parts.pop();
    for (const line of parts) {
      if (inData) { lines.push(line); if (line === '.') { inData = false; socket.write('250 queued\r\n'); } continue; }
      lines.push(`> ${line.replace(/^(EHLO|HELO) .*/, '$1 <host>')}`);
      if (/^EHLO/.test(line)) socket.write('250-test\r\n250-AUTH PLAIN\r\n250 SIZE 10000\r\n');
      else if (/^AUTH/.test(line)) socket.write('235 ok\r\n');
      else if (/^RCPT TO:<bad/.test(line)) socket.write('550 unknown\r\n');
      else if (line === 'DATA') { inData = true; socket.write('354 go\r\n'); } else if (line === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    }
  });
}).listen(0, async () => {
  const transport = nodemailer.createTransport({ host: 'localhost', port: server.address().port, auth: { user: 'u', pass: 'p' } });
  const info = await transport.sendMail({
    from: 'Änn <ann@example.org>', to: ['bob@example.org', 'bad@example.org'], subject: 'Grüße', messageId: '<id@x>', date: new Date(0),
    text: 'plain ü', html: '<b>rich</b>', boundary: 'b', baseBoundary: 'base', attachments: [{ filename: 'a.txt', content: 'attached' }],
  });
  console.log(info.accepted, info.rejected, info.response);
  console.log(lines.filter((line) => !/^User-Agent|^X-Mailer/.test(line)).map((line) => line.replace(/--_NmP-\w+/g, '--<b>')).join('\n'));
  const stream = await nodemailer.createTransport({ streamTransport: true, buffer: true }).sendMail({ from: 'a@b', to: 'c@d', text: 'x', date: new Date(0), messageId: 'm' });
  console.log(String(stream.message));
  await transport.sendMail({ from: 'a@b', to: 'bad@x', text: 'y' }).catch((error) => console.log(error.code, error.responseCode, error.message));
  transport.close();
  server.close();
});
