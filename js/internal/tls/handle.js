// The native half of a TLS socket (see `ops/tls/connection.rs`) as `net.Socket` uses a handle: over the handle
// of a socket, or over any duplex stream.
'use strict';

const binding = internalBinding('tls');
const { FastBuffer } = require('internal/buffer/memory');
const { getOptionValue } = require('internal/options');
const { kOwner, kReadsNatively } = require('internal/net/handles');
const { SocketTransport, StreamTransport } = require('internal/tls/transport');

const TlsHandle = binding.TlsHandle;
const closeNative = TlsHandle.prototype.close;

// Programs that print a socket see the names that Node's have.
Object.defineProperty(TlsHandle, 'name', { value: 'TLSWrap' });

/** What a TLS handle has from the handle below it. */
const PROXIED = [
  'bind', 'connect', 'getpeername', 'getsockname', 'hasRef', 'ref', 'resetOnClose', 'setKeepAlive', 'setNoDelay',
  'setTypeOfService', 'getTypeOfService', 'setBlocking', 'unref',
];

for (const name of PROXIED) {
  TlsHandle.prototype[name] = {
    [name](...args) {
      return this._parent[name]?.(...args);
    },
  }[name];
}

Object.defineProperty(TlsHandle.prototype, 'fd', {
  get() { return this._parent?.fd; },
  configurable: true,
});

TlsHandle.prototype[kReadsNatively] = true;

/** Verdicts that may come from authorities that only the system knows. */
const MAY_BE_LOCAL = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const nativeVerifyError = TlsHandle.prototype.verifyError;

/** @returns {Error | null} what is wrong with the other side's certificate */
TlsHandle.prototype.verifyError = function verifyError() {
  const verdict = nativeVerifyError.call(this);
  if (verdict === undefined) return null;
  let [text, code] = verdict;
  if (MAY_BE_LOCAL.has(code) && !getOptionValue('--use-system-ca')) {
    text += '; if the root CA is installed locally, try running Node.js with --use-system-ca';
  }
  const error = new Error(text);
  error.code = code;
  return error;
};

const {
  getAlpnNegotiatedProtocol: nativeProtocol, getCipher: nativeCipher, getEphemeralKeyInfo: nativeEphemeralKey,
} = TlsHandle.prototype;

// Libraries that answer requests themselves replace these: they have the names and the results of Node's.

/** @returns {{ name: string, standardName: string, version: string } | undefined} */
TlsHandle.prototype.getCipher = function getCipher() {
  const cipher = nativeCipher.call(this);
  return cipher === undefined ? undefined : { name: cipher[0], standardName: cipher[1], version: cipher[2] };
};

/** @returns {{ type?: string, name?: string, size?: number }} the server's key for the key agreement */
TlsHandle.prototype.getEphemeralKeyInfo = function getEphemeralKeyInfo() {
  const info = nativeEphemeralKey.call(this);
  if (info === undefined) return {};
  const [type, size, name] = info;
  if (name === undefined) return { type, size };
  return size === 0 ? { type, name } : { type, name, size };
};

/** @returns {string | false} */
TlsHandle.prototype.getALPNNegotiatedProtocol = function getALPNNegotiatedProtocol() {
  return nativeProtocol.call(this) ?? false;
};

/** The question of a server's handle whose context was told to ask: the keys of a ticket. */
TlsHandle.prototype.onticketkey = function onticketkey(name, iv, isNew) {
  const { context } = this._secureContext;
  try {
    return context.onticketkeycallback(asBuffer(name), asBuffer(iv), isNew);
  } catch (error) {
    process.nextTick(() => { throw error; });
    return undefined;
  }
};

function asBuffer(bytes) {
  return new FastBuffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

TlsHandle.prototype.close = function close(callback) {
  const socket = this[kOwner];
  if (socket) socket.ssl = null;
  this.writeError = 'Canceled because of SSL destruction';
  closeParent(this, () => {
    if (callback) callback.call(this);
  });
  // What is closed last is told first: writes that wait end before the socket does.
  closeNative.call(this);
};

function closeParent(handle, done) {
  const parent = handle._parentWrap;
  if (parent === null) {
    handle._parent.close(done);
  } else if (!parent._handle && parent.destroyed && parent.closed) {
    process.nextTick(done);
  } else {
    parent.once('close', done);
    parent.destroy();
  }
}

/** A handle over a duplex stream: what is encrypted goes there after each call. */
class StreamTlsHandle extends TlsHandle {
  readStart() {
    this._parent.resume();
    return 0;
  }

  readStop() {
    this._parent.pause();
    return 0;
  }

  write(data, encoding, callback) {
    return this._parent.sendWrite(this, super.write(data, encoding, callback), callback);
  }

  writev(list, allBuffers, callback) {
    return this._parent.sendWrite(this, super.writev(list, allBuffers, callback), callback);
  }

  shutdown(callback) {
    super.shutdown();
    this._parent.end(this, callback);
    return 0;
  }
}
Object.defineProperty(StreamTlsHandle, 'name', { value: 'TLSWrap' });

for (const name of ['start', 'renegotiate', 'endParser', 'certCbDone', 'newSessionDone', 'receive', 'receiveEnd']) {
  const native = TlsHandle.prototype[name];
  StreamTlsHandle.prototype[name] = {
    [name](...args) {
      const result = native.apply(this, args);
      this._parent.send();
      return result;
    },
  }[name];
}

// Whole messages go through the stream as well.
StreamTlsHandle.prototype.writeMessage = undefined;
StreamTlsHandle.prototype[kReadsNatively] = false;

/** The event of a handle: it has something for the stream. */
StreamTlsHandle.prototype.onoutput = function onoutput() {
  this._parent.send();
};

function complete(handle, parent, parentWrap, secureContext) {
  handle._parent = parent;
  handle._parentWrap = parentWrap;
  handle._secureContext = secureContext;
  handle.reading = parent.reading;
  return handle;
}

/**
 * @param {object} parent  the handle of a socket
 * @param {net.Socket | null} socket  the socket that it belongs to, if that is not the TLS socket itself
 * @param {SecureContext} secureContext
 * @param {boolean} isServer
 * @returns {TlsHandle}
 */
function wrapHandle(parent, socket, secureContext, isServer) {
  return complete(new TlsHandle(parent, secureContext.context, isServer), parent, socket, secureContext);
}

/**
 * @param {Duplex} stream
 * @returns {TlsHandle}
 */
function wrapStream(stream, secureContext, isServer) {
  const isEncrypted = stream._handle instanceof TlsHandle && !stream.connecting;
  const transport = isEncrypted ? new SocketTransport(stream) : new StreamTransport(stream);
  const handle = complete(
    new StreamTlsHandle(null, secureContext.context, isServer), transport, stream, secureContext);
  transport.attach(handle);
  return handle;
}

module.exports = { binding, wrapHandle, wrapStream };
