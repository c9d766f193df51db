// `tls.TLSSocket`: a `net.Socket` whose handle encrypts.
'use strict';

const {
  codes: {
    ERR_MULTIPLE_CALLBACK, ERR_SOCKET_CLOSED,
    ERR_TLS_ALPN_CALLBACK_INVALID_RESULT, ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS, ERR_TLS_HANDSHAKE_TIMEOUT,
    ERR_TLS_INVALID_STATE, ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED,
    ERR_TLS_RENEGOTIATION_DISABLED, ERR_TLS_SESSION_ATTACK, ERR_TLS_SNI_FROM_SERVER,
  },
} = require('internal/errors');
const {
  validateBuffer, validateFunction, validateInt32, validateObject, validateString, validateUint32,
} = require('internal/validators');
const { getOptionValue } = require('internal/options');
const { Buffer } = require('buffer');
const net = require('net');
const { PipeHandle, TcpHandle, kOwner } = require('internal/net/handles');
const { kReinitializeHandle } = require('internal/net/socket');
const defaults = require('internal/tls/defaults');
const { wrapHandle, wrapStream } = require('internal/tls/handle');
const { SecureContext, createSecureContext } = require('internal/tls/secure_context');
const { convertALPNProtocols, decodeProtocols } = require('internal/tls/protocols');
const { kPskCallback, kPskIdentityHint, onPskClient, onPskServer } = require('internal/tls/psk');

const kConnectOptions = Symbol('connect-options');
const kDisableRenegotiation = Symbol('disable-renegotiation');
const kErrorEmitted = Symbol('error-emitted');
const kIsVerified = Symbol('verified');
const kPendingSession = Symbol('pendingSession');
const kSecureContext = Symbol('secureContext');
const kALPNCallback = Symbol('alpncallback');

function noop() {}

/** The event of a server's handle: a handshake begins. A client that begins too often is thrown out. */
function onhandshakestart() {
  const owner = this[kOwner];
  const now = performance.now();
  const limits = defaults.current();
  if (this.lastHandshakeTime === undefined) {
    this.handshakes = 0;
  } else if (now - this.lastHandshakeTime >= limits.CLIENT_RENEG_WINDOW * 1000) {
    this.handshakes = 1;
  } else {
    this.handshakes++;
  }
  this.lastHandshakeTime = now;
  if (this.handshakes > limits.CLIENT_RENEG_LIMIT) {
    owner._emitTLSError(new ERR_TLS_SESSION_ATTACK());
  } else if (owner[kDisableRenegotiation] && this.handshakes > 0) {
    owner._emitTLSError(new ERR_TLS_RENEGOTIATION_DISABLED());
  }
}

/** The event of a handle: a handshake is done. */
function onhandshakedone() {
  const owner = this[kOwner];
  // A session that the program has not kept yet comes first.
  if (owner._newSessionPending) {
    owner._securePending = true;
    return;
  }
  owner._finishInit();
}

/** The event of a server's handle: a client greets with a session. */
function onclienthello(sessionId, hasTicket) {
  const owner = this[kOwner];
  let called = false;
  const onSession = (error, session) => {
    if (called) {
      owner.destroy(new ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    if (error) {
      owner.destroy(error);
    } else if (owner._handle === null) {
      owner.destroy(new ERR_SOCKET_CLOSED());
    } else {
      owner._handle.loadSession(session);
      owner._handle.endParser();
    }
  };
  if (sessionId.length === 0 || hasTicket || !owner.server?.emit('resumeSession', asBuffer(sessionId), onSession)) {
    this.endParser();
  }
}

function asBuffer(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * What a program calls with an error or its answer: once, while there is a connection.
 * @param {TLSSocket} owner is destroyed otherwise
 * @param {(answer: any) => void} use
 * @returns {(error: Error | null | undefined, answer?: any) => void}
 */
function answerOnce(owner, use) {
  let called = false;
  return (error, answer) => {
    if (called) {
      owner.destroy(new ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    if (error) owner.destroy(error);
    else if (owner._handle === null) owner.destroy(new ERR_SOCKET_CLOSED());
    else use(answer);
  };
}

/** The event of a server's handle: the certificate is chosen now, by the name that the client wants. */
function oncertcb({ servername, OCSPRequest }) {
  const owner = this[kOwner];
  if (!servername || !owner._SNICallback) {
    requestOCSP(owner, OCSPRequest);
    return;
  }
  owner.servername = servername;
  owner._SNICallback(servername, answerOnce(owner, (context) => {
    // Without a context the server's own is as good.
    const native = context?.context || context;
    if (typeof native === 'object' && native !== null) {
      if (typeof native.setCert !== 'function') {
        owner._handle.onerror(new TypeError('Invalid SNI context'));
        return;
      }
      owner._handle.setContext(native);
      owner._handle.sniContext = native;
    }
    requestOCSP(owner, OCSPRequest);
  }));
}

/** Asks the server's program for an OCSP response, where a client wants one. */
function requestOCSP(owner, isWanted) {
  const { server } = owner;
  if (!isWanted || !server || server.listenerCount('OCSPRequest') === 0) {
    certificateIsChosen(owner);
    return;
  }
  const native = owner._handle.sniContext ?? server._sharedCreds.context;
  const onResponse = answerOnce(owner, (response) => {
    if (response) owner._handle.setOcspResponse(response);
    certificateIsChosen(owner);
  });
  const certificate = native.getCertificate();
  const issuer = native.getIssuer();
  server.emit(
    'OCSPRequest', certificate ? asBuffer(certificate) : null, issuer ? asBuffer(issuer) : null, onResponse);
}

function certificateIsChosen(owner) {
  if (owner._handle === null) {
    owner.destroy(new ERR_SOCKET_CLOSED());
    return;
  }
  owner._handle.certCbDone();
}

/** The event of a server's handle: a session that the program may keep. */
function onnewsession(sessionId, session) {
  const owner = this[kOwner];
  if (!owner.server) return;
  let called = false;
  const done = () => {
    if (called) return;
    called = true;
    if (owner._handle === null) {
      owner.destroy(new ERR_SOCKET_CLOSED());
      return;
    }
    this.newSessionDone();
    owner._newSessionPending = false;
    if (owner._securePending) owner._finishInit();
    owner._securePending = false;
  };
  owner._newSessionPending = true;
  if (!owner.server.emit('newSession', asBuffer(sessionId), asBuffer(session), done)) done();
}

/** The event of a client's handle: a session that can be resumed. */
function onnewsessionclient(sessionId, session) {
  const owner = this[kOwner];
  session = asBuffer(session);
  if (owner[kIsVerified]) owner.emit('session', session);
  else owner[kPendingSession] = session;
}

function onkeylog(line) {
  this[kOwner].emit('keylog', asBuffer(line));
}

function onocspresponse(response) {
  this[kOwner].emit('OCSPResponse', response === null ? null : asBuffer(response));
}

/** The question of a server's handle: which protocol is spoken. */
function onalpn(offered) {
  const owner = this[kOwner];
  try {
    const protocols = decodeProtocols(offered);
    const selected = owner[kALPNCallback]({ servername: this.getServername(), protocols });
    if (selected === undefined) return undefined;
    if (!protocols.includes(selected)) throw new ERR_TLS_ALPN_CALLBACK_INVALID_RESULT(selected, protocols);
    return selected;
  } catch (error) {
    owner.destroy(error);
    return undefined;
  }
}

/** The event of a handle: the connection has failed. */
function onerror(error) {
  const owner = this[kOwner];
  if (owner._hadError) return;
  owner._hadError = true;
  if (!owner._secureEstablished) {
    // The socket is still of use where the failure is told of.
    owner._closeAfterHandlingError = true;
    owner.destroy(error);
  } else if (owner._tlsOptions?.isServer && owner._rejectUnauthorized &&
             /peer did not return a certificate/.test(error.message)) {
    owner.destroy();
  } else {
    owner._emitTLSError(error);
  }
}

/** Secrets are told from the first listener on. */
function keylogNewListener(event) {
  if (event !== 'keylog') return;
  this._handle?.enableKeylogCallback();
  this.removeListener('newListener', keylogNewListener);
}

function onSocketCloseDestroySSL() {
  this._destroySSL();
}

/** Until the program has got the socket, its errors are the server's or the client's. */
function onOwnError(error) {
  this._tlsError(error);
}

function initRead(tlsSocket, socket) {
  // It may be gone already.
  if (!tlsSocket._handle) return;
  // What the socket has read before belongs to TLS; a stream gives it by itself.
  if (tlsSocket._handle._parentWrap === socket && socket?.readableLength && !tlsSocket._handle._parent.stream) {
    let chunk;
    while ((chunk = socket.read()) !== null) tlsSocket._handle.receive(chunk);
  }
  tlsSocket.read(0);
}

/**
 * @param {net.Socket | Duplex} [socket]  what carries the ciphertext; by default a socket of its own
 * @param {object} [opts]
 */
function TLSSocket(socket, opts) {
  const options = { ...opts };
  if (options.ALPNProtocols) convertALPNProtocols(options.ALPNProtocols, options);
  this._tlsOptions = options;
  this._secureEstablished = false;
  this._securePending = false;
  this._newSessionPending = false;
  this._controlReleased = false;
  this.secureConnecting = true;
  this._SNICallback = null;
  this.servername = null;
  this.alpnProtocol = null;
  this.authorized = false;
  this.authorizationError = null;
  this[kIsVerified] = false;
  this[kPendingSession] = null;
  this[kDisableRenegotiation] = false;
  if (options.isServer && options.SNICallback !== undefined && options.SNICallback !== null) {
    validateFunction(options.SNICallback, 'options.SNICallback');
  }

  const context = options.secureContext || createSecureContext(options);
  this[kSecureContext] = context;
  const wrap = socket ?? null;
  const handle = makeHandle(wrap, options, context);
  net.Socket.call(this, {
    handle,
    allowHalfOpen: socket ? socket.allowHalfOpen : options.allowHalfOpen,
    pauseOnCreate: options.pauseOnConnect,
    manualStart: true,
    highWaterMark: options.highWaterMark,
    onread: !socket ? options.onread : null,
    signal: options.signal,
  });
  // What programs see first of a socket is that it is encrypted.
  this.encrypted = true;
  this.on('close', onSocketCloseDestroySSL);
  this.on('error', onOwnError);
  this.on('newListener', keylogNewListener);
  this._init(socket, wrap);

  // Whoever makes the socket has time to add listeners.
  process.nextTick(initRead, this, socket);
}
Object.setPrototypeOf(TLSSocket.prototype, net.Socket.prototype);
Object.setPrototypeOf(TLSSocket, net.Socket);

/** Whether TLS can work on the handle of a socket without JavaScript. */
function hasNativeHandle(socket) {
  return socket instanceof net.Socket &&
    (socket._handle instanceof TcpHandle || socket._handle instanceof PipeHandle) && !socket.connecting;
}

function makeHandle(socket, options, context) {
  const isServer = Boolean(options.isServer);
  if (socket === null) {
    return wrapHandle(options.pipe ? new PipeHandle() : new TcpHandle(), null, context, isServer);
  }
  if (hasNativeHandle(socket)) return wrapHandle(socket._handle, socket, context, isServer);
  return wrapStream(socket, context, isServer);
}

const proto = TLSSocket.prototype;

proto.disableRenegotiation = function disableRenegotiation() {
  this[kDisableRenegotiation] = true;
};

proto._wrapHandle = function(wrap, handle) {
  return wrapHandle(handle ?? wrap._handle, wrap, this[kSecureContext], Boolean(this._tlsOptions.isServer));
};

/** Gives a client whose attempt to connect has failed another handle. */
proto[kReinitializeHandle] = function reinitializeHandle(handle) {
  const servername = this._handle.getServername();
  const session = this._pendingSessionToResume;
  const wrapped = this._wrapHandle(null, handle);
  net.Socket.prototype[kReinitializeHandle].call(this, wrapped);
  this.ssl = wrapped;
  this._init();
  if (servername) this.setServername(servername);
  if (session) this.setSession(session);
};

proto._destroySSL = function _destroySSL() {
  if (!this.ssl) return;
  this.ssl.destroySsl();
  const { _secureContext: context } = this.ssl;
  if (context?.singleUse) {
    context.context?.close();
    context.context = null;
  }
  this[kPendingSession] = null;
  this[kIsVerified] = false;
};

/** Tells the handle what the options say. */
proto._init = function(socket, wrap) {
  const options = this._tlsOptions;
  const handle = this._handle;
  this.ssl = handle;
  this.server = options.server;
  const { isServer } = options;
  const requestCert = Boolean(options.requestCert) || !isServer;
  const rejectUnauthorized = Boolean(options.rejectUnauthorized);
  this._requestCert = requestCert;
  this._rejectUnauthorized = rejectUnauthorized;
  this[kALPNCallback] = null;
  if (requestCert || rejectUnauthorized) handle.setVerifyMode(requestCert, rejectUnauthorized);
  handle.onkeylog = onkeylog;
  if (this.listenerCount('keylog') > 0) handle.enableKeylogCallback();
  if (isServer) initServer(this, handle, options);
  else initClient(this, handle);
  handle.onerror = onerror;

  if (options.session) this.setSession(options.session);
  if (options.ALPNProtocols) {
    // What lies in the snapshot of a socket's options stays as it is.
    if (options.ALPNCallback) throw new ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS();
    handle.setAlpnProtocols(options.ALPNProtocols);
  }
  if (options.ALPNCallback) {
    validateFunction(options.ALPNCallback, 'options.ALPNCallback');
    this[kALPNCallback] = options.ALPNCallback;
    handle.onalpn = onalpn;
    handle.enableAlpnCb();
  }
  initPsk(this, handle, options);
  if (options.enableTrace || isTracing()) this.enableTrace();
  if (options.handshakeTimeout > 0) this.setTimeout(options.handshakeTimeout, this._handleTimeout);
  if (wrap) initParent(this, socket, wrap);
  else if (!socket && this._parent === null && !this._secureEstablished) this.connecting = true;
};

let warnedOfTrace = false;

/** Whether the command line has all connections traced. */
function isTracing() {
  if (!getOptionValue('--trace-tls')) return false;
  if (!warnedOfTrace) {
    warnedOfTrace = true;
    process.emitWarning('Enabling --trace-tls can expose sensitive data in the resulting log.');
  }
  return true;
}

function initServer(socket, handle, options) {
  handle.onhandshakestart = onhandshakestart;
  handle.onhandshakedone = onhandshakedone;
  handle.onclienthello = onclienthello;
  handle.oncertcb = oncertcb;
  handle.onnewsession = onnewsession;
  const { server } = options;
  const wantsSni = typeof options.SNICallback === 'function' &&
    (options.SNICallback !== defaultSNICallback || server?._contexts.length > 0);
  if (server && (server.listenerCount('resumeSession') > 0 || server.listenerCount('newSession') > 0)) {
    handle.enableSessionCallbacks();
    handle.enableHello();
  }
  if (wantsSni) {
    socket._SNICallback = options.SNICallback;
    handle.enableCertCb();
  } else if (server?.listenerCount('OCSPRequest') > 0) {
    handle.enableCertCb();
  }
  if (server?.listenerCount('keylog') > 0) forwardKeylog(socket, server);
}

function forwardKeylog(socket, server) {
  socket.on('keylog', (line) => server.emit('keylog', line, socket));
}

function initClient(socket, handle) {
  handle.onhandshakestart = noop;
  handle.onhandshakedone = onhandshakedone;
  handle.onocspresponse = onocspresponse;
  handle.onnewsession = onnewsessionclient;
  handle.enableSessionCallbacks();
  if (socket._tlsOptions.requestOCSP) handle.requestOcsp();
}

function initPsk(socket, handle, options) {
  if (!options.pskCallback) return;
  validateFunction(options.pskCallback, 'pskCallback');
  socket[kPskCallback] = options.pskCallback;
  handle.onpskexchange = options.isServer ? onPskServer : onPskClient;
  if (options.isServer && options.pskIdentityHint) {
    validateString(options.pskIdentityHint, 'options.pskIdentityHint');
    if (!handle.setPskIdentityHint(options.pskIdentityHint)) {
      handle.onerror(new ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED());
    }
  }
  handle.enablePskCallback();
}

/** Ties a socket to the one that carries its ciphertext. */
function initParent(tlsSocket, socket, wrap) {
  tlsSocket._parent = socket;
  if (socket instanceof net.Socket && (socket.connecting || !socket._handle)) {
    // To the program it is this socket that connects.
    tlsSocket.connecting = true;
    socket.once('connect', () => {
      tlsSocket.connecting = false;
      tlsSocket.emit('connect');
    });
  }
  wrap.on('error', (error) => tlsSocket._emitTLSError(error));
  wrap.on('close', () => tlsSocket.destroy());
}

/**
 * Has the other side shake hands again (up to TLS 1.2).
 * @param {{ rejectUnauthorized?: boolean, requestCert?: boolean }} options
 * @param {Function} [callback]
 * @returns {boolean | undefined}
 */
proto.renegotiate = function(options, callback) {
  validateObject(options, 'options');
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (this.destroyed) return undefined;
  let requestCert = Boolean(this._requestCert);
  let rejectUnauthorized = Boolean(this._rejectUnauthorized);
  if (options.requestCert !== undefined) requestCert = Boolean(options.requestCert);
  if (options.rejectUnauthorized !== undefined) rejectUnauthorized = Boolean(options.rejectUnauthorized);
  if (requestCert !== this._requestCert || rejectUnauthorized !== this._rejectUnauthorized) {
    this._handle.setVerifyMode(requestCert, rejectUnauthorized);
    this._requestCert = requestCert;
    this._rejectUnauthorized = rejectUnauthorized;
  }
  try {
    this._handle.renegotiate();
  } catch (error) {
    if (callback) process.nextTick(callback, error);
    return false;
  }
  if (callback) this.once('secure', () => callback(null));
  return true;
};

proto.exportKeyingMaterial = function(length, label, context) {
  validateUint32(length, 'length', true);
  validateString(label, 'label');
  if (context !== undefined) validateBuffer(context, 'context');
  if (!this._secureEstablished) throw new ERR_TLS_INVALID_STATE();
  return asBuffer(this._handle.exportKeyingMaterial(length, label, context));
};

proto.setMaxSendFragment = function setMaxSendFragment(size) {
  validateInt32(size, 'size');
  return this._handle.setMaxSendFragment(size);
};

proto._handleTimeout = function() {
  this._emitTLSError(new ERR_TLS_HANDSHAKE_TIMEOUT());
};

proto._emitTLSError = function(error) {
  const unhandled = this._tlsError(error);
  // What the other side has sent before is still read, up to its end.
  if (unhandled) this.emit('error', unhandled);
};

proto._tlsError = function(error) {
  this.emit('_tlsError', error);
  return this._controlReleased ? error : null;
};

/** The socket is the program's from now on, and so are its errors. */
proto._releaseControl = function() {
  if (this._controlReleased) return false;
  this._controlReleased = true;
  this.removeListener('error', onOwnError);
  return true;
};

proto._finishInit = function() {
  const handle = this._handle;
  // It may have been destroyed meanwhile.
  if (!handle) return;
  this.alpnProtocol = handle.getALPNNegotiatedProtocol();
  if (this.servername === null) this.servername = handle.getServername() ?? false;
  this._secureEstablished = true;
  if (this._tlsOptions.handshakeTimeout > 0) this.setTimeout(0, this._handleTimeout);
  this.emit('secure');
};

proto._start = function() {
  if (this.connecting) {
    this.once('connect', this._start);
    return;
  }
  // It may have been destroyed before the connection stood.
  if (this._handle) this._handle.start();
};

proto.setServername = function(name) {
  validateString(name, 'name');
  if (this._tlsOptions.isServer) throw new ERR_TLS_SNI_FROM_SERVER();
  this._handle.setServername(name);
};

proto.setSession = function(session) {
  if (typeof session === 'string') session = Buffer.from(session, 'latin1');
  this._pendingSessionToResume = session;
  this._handle?.setSession(session);
};

proto.getPeerCertificate = function(detailed) {
  if (!this._handle) return null;
  const { translateChain } = require('internal/tls/certificates');
  return translateChain(this._handle.getPeerCertificates(Boolean(detailed)), Boolean(detailed)) || {};
};

proto.getCertificate = function() {
  if (!this._handle) return null;
  const certificate = this._handle.getCertificate();
  if (certificate === undefined) return {};
  return require('internal/tls/certificates').translate(certificate);
};

proto.getPeerX509Certificate = function(detailed) {
  const list = this._handle?.getSentCertificates();
  return list?.length ? require('internal/tls/certificates').toX509(list) : undefined;
};

proto.getX509Certificate = function() {
  const certificate = this._handle?.getCertificate();
  return certificate ? require('internal/tls/certificates').toX509([certificate]) : undefined;
};

proto.setKeyCert = function(context) {
  const secureContext = context instanceof SecureContext ? context : createSecureContext(context);
  this._handle?.setContext(secureContext.context);
};

/** Defines a method that asks the handle; null without one. */
function ask(name, translate) {
  proto[name] = {
    [name]: function socketMethodProxy() {
      const handle = this._handle;
      return handle ? translate(handle) : null;
    },
  }[name];
  Object.defineProperty(proto[name], 'name', { value: 'socketMethodProxy' });
}

ask('getCipher', (handle) => handle.getCipher());
ask('getSharedSigalgs', (handle) => handle.getSharedSigalgs());
// The server knows its own key, and tells nothing of it.
ask('getEphemeralKeyInfo', (handle) => (handle[kOwner]._tlsOptions.isServer ? null : handle.getEphemeralKeyInfo()));
ask('getFinished', (handle) => maybeBuffer(handle.getFinished()));
ask('getPeerFinished', (handle) => maybeBuffer(handle.getPeerFinished()));
ask('getProtocol', (handle) => handle.getProtocol());
ask('getSession', (handle) => maybeBuffer(handle.getSession()));
ask('getTLSTicket', (handle) => maybeBuffer(handle.getTlsTicket()));
ask('isSessionReused', (handle) => handle.isSessionReused());
ask('enableTrace', (handle) => handle.enableTrace());

function maybeBuffer(bytes) {
  return bytes === undefined ? undefined : asBuffer(bytes);
}

/** The choice of a context by the names that were given to `server.addContext`. */
function defaultSNICallback(servername, callback) {
  const contexts = this.server._contexts;
  for (let i = contexts.length - 1; i >= 0; --i) {
    const [pattern, context] = contexts[i];
    if (pattern.test(servername)) {
      callback(null, context);
      return;
    }
  }
  callback(null, undefined);
}

module.exports = {
  TLSSocket,
  defaultSNICallback,
  kConnectOptions,
  kErrorEmitted,
  kIsVerified,
  kPendingSession,
};
