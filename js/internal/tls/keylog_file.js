// `--tls-keylog`: the secrets of all connections go to a file.
'use strict';

const { getOptionValue } = require('internal/options');

let warned = false;

/**
 * Has the secrets of a socket written to the file that the command line names, if it does.
 * @param {TLSSocket} socket
 */
function keylogToFile(socket) {
  const file = getOptionValue('--tls-keylog');
  if (!file) return;
  if (!warned) {
    warned = true;
    process.emitWarning(
      `Using --tls-keylog makes TLS connections insecure by writing secret key material to file ${file}`);
  }
  socket.on('keylog', (line) => {
    require('fs').appendFile(file, line, { mode: 0o600 }, () => {});
  });
}

module.exports = { keylogToFile };
