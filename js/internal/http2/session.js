// `Http2Session`: what clients' and servers' sessions have in common.
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_HTTP2_INVALID_SESSION, ERR_HTTP2_MAX_PENDING_SETTINGS_ACK, ERR_HTTP2_PING_CANCEL, ERR_HTTP2_PING_LENGTH,
    ERR_HTTP2_SESSION_ERROR, ERR_HTTP2_SOCKET_BOUND, ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { validateBuffer, validateFunction, validateInt32, validateNumber } = require('internal/validators');
const { Buffer } = require('buffer');
const { kTimeout, setStreamTimeout } = require('internal/net/timeouts');
const { Acknowledged } = require('internal/http2/acknowledged');
const { NghttpError } = require('internal/http2/errors');
const { checkObject } = require('internal/http2/headers');
const { SessionHandle } = require('internal/http2/session_handle');
const { closeSession } = require('internal/http2/session_end');
const { nativeOptions } = require('internal/http2/session_options');
const { checkSettings, settingsEntries, settingsObject } = require('internal/http2/settings');
const { proxySocket } = require('internal/http2/socket_proxy');
const { sessionStatistics } = require('internal/http2/statistics');
const { hasWritten, hide } = require('internal/http2/stream');
const { attachTo } = require('internal/http2/transport');
const {
  kBoundSession, kMaybeDestroy, kNative, kOptions, kProxySocket, kServer, kSocket, kState, kUpdateTimer,
} = require('internal/http2/symbols');

const NGHTTP2_NO_ERROR = 0;
const NGHTTP2_INTERNAL_ERROR = 2;
const PING_SIZE = 8;
const DEFAULT_OUTSTANDING = 10;

/** What a session remembers. */
class SessionState {
  constructor(isServer, options) {
    this.isServer = isServer;
    this.isStrict = options.strictSingleValueFields !== false;
    this.isClosed = false;
    this.isDestroyed = false;
    this.destroyCode = NGHTTP2_NO_ERROR;
    this.goawayCode = null;
    this.goawayLastStreamID = null;
    this.streams = new Map();
    this.pendingStreams = new Set();
    /** Settings that the other side has not acknowledged. */
    this.pendingAck = 0;
    this.originSet = undefined;
    this.localSettings = undefined;
    this.remoteSettings = undefined;
    /** Settings of the program's own that were sent, and that have come. */
    this.customSettings = undefined;
    this.remoteCustomSettings = undefined;
    this.bytesWritten = 0;
    this.encrypted = undefined;
    this.alpnProtocol = undefined;
    /** What waits for the connection. */
    this.whenConnected = null;
    this.statistics = sessionStatistics(isServer);
  }
}

class Http2Session extends EventEmitter {
  constructor(isServer, options, socket) {
    super();
    if (socket[kBoundSession] !== undefined) throw new ERR_HTTP2_SOCKET_BOUND();
    socket[kBoundSession] = this;
    hide(this, kState, new SessionState(isServer, options));
    hide(this, kOptions, options);
    hide(this, kSocket, socket);
    hide(this, kNative, undefined);
    hide(this, kProxySocket, null);
    hide(this, kTimeout, null);
    hide(this, kServer, undefined);
    // Renegotiation has no place in HTTP/2.
    if (typeof socket.disableRenegotiation === 'function') socket.disableRenegotiation();
    if (socket.connecting || socket.secureConnecting) {
      const isSecure = socket.secureConnecting || socket.encrypted;
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        try {
          this.#begin();
        } catch (error) {
          socket.destroy(error);
        }
      });
    } else {
      this.#begin();
    }
  }

  /** The socket is connected. */
  #begin() {
    const socket = this[kSocket];
    if (this.destroyed || socket === undefined) {
      socket?.destroy();
      return;
    }
    const state = this[kState];
    const options = this[kOptions];
    state.encrypted = Boolean(socket.encrypted);
    state.alpnProtocol = socket.encrypted ? socket.alpnProtocol : 'h2c';
    const native = new SessionHandle(this, state.isServer, nativeOptions(options, state.isServer));
    this[kNative] = native;
    attachTo(socket, native);
    const settings = typeof options.settings === 'object' ? options.settings : {};
    this.settings(settings);
    if (state.isServer && Array.isArray(options.origins)) this.origin(...options.origins);
    process.nextTick(() => {
      if (!this.destroyed) this.emit('connect', this, socket);
    });
  }

  [Symbol.for('nodejs.rejection')](error, event, ...args) {
    if (event === 'stream') args[0].destroy(error);
    else this.destroy(error);
  }

  get connecting() {
    return this[kNative] === undefined && !this.destroyed;
  }

  get encrypted() {
    return this[kState].encrypted;
  }

  get alpnProtocol() {
    return this[kState].alpnProtocol;
  }

  get originSet() {
    if (!this.encrypted || this.destroyed) return undefined;
    return Array.from(initOriginSet(this));
  }

  get closed() {
    return this[kState].isClosed;
  }

  get destroyed() {
    return this[kState].isDestroyed;
  }

  [kUpdateTimer]() {
    if (!this.destroyed) this[kTimeout]?.refresh();
  }

  /**
   * Chooses the number of the next stream.
   * @param {number} id
   */
  setNextStreamID(id) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    validateNumber(id, 'id');
    if (id <= 0 || id > 0xffffffff) throw new ERR_OUT_OF_RANGE('id', '> 0 and <= 4294967295', id);
    const status = this[kNative].setNextStreamId(id);
    if (status < 0) this.destroy(new NghttpError(status));
  }

  /**
   * Sets the window of the connection.
   * @param {number} windowSize
   */
  setLocalWindowSize(windowSize) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    validateInt32(windowSize, 'windowSize', 0);
    const status = this[kNative].setLocalWindowSize(windowSize);
    if (status < 0) this.destroy(new NghttpError(status));
  }

  /**
   * Measures the way to the other side and back.
   * @param {Buffer} [payload] of eight bytes
   * @param {(error: Error | null, duration: number, payload: Buffer) => void} callback
   * @returns {boolean} whether it is sent
   */
  ping(payload, callback) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (typeof payload === 'function') {
      callback = payload;
      payload = undefined;
    }
    if (payload) {
      validateBuffer(payload, 'payload');
      if (payload.byteLength !== PING_SIZE) throw new ERR_HTTP2_PING_LENGTH();
    }
    validateFunction(callback, 'callback');
    if (this.connecting || this.closed) {
      process.nextTick(callback, new ERR_HTTP2_PING_CANCEL());
      return undefined;
    }
    return this.#sendPing(payload, callback);
  }

  #sendPing(payload, callback) {
    const native = this[kNative];
    const { statistics } = this[kState];
    const ping = new Acknowledged('HTTP2PING', (error, duration, echo) => {
      if (statistics !== null && !error) statistics.pingRTT = duration;
      if (error) callback(error);
      else callback(null, duration, echo);
    });
    this[kUpdateTimer]();
    const { maxOutstandingPings } = this[kOptions];
    const most = typeof maxOutstandingPings === 'number' ? maxOutstandingPings : DEFAULT_OUTSTANDING;
    if (native.pings.length >= most) {
      ping.cancel(new ERR_HTTP2_PING_CANCEL());
      return false;
    }
    if (!payload) {
      payload = Buffer.alloc(PING_SIZE);
      payload.writeBigUInt64BE(process.hrtime.bigint());
    }
    native.pings.push(ping);
    native.ping(payload);
    return true;
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {
      type: this.type,
      closed: this.closed,
      destroyed: this.destroyed,
      state: this.state,
      localSettings: this.localSettings,
      remoteSettings: this.remoteSettings,
    };
    const { inspect } = require('internal/util/inspect');
    return `Http2Session ${inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }

  get socket() {
    if (this[kProxySocket] === null) this[kProxySocket] = proxySocket(this);
    return this[kProxySocket];
  }

  get type() {
    return this[kState].isServer ? 0 : 1;
  }

  get pendingSettingsAck() {
    return this[kState].pendingAck > 0;
  }

  get state() {
    const values = this[kNative]?.state();
    if (this.destroyed || values === undefined || values === null) return {};
    const [
      effectiveLocalWindowSize, effectiveRecvDataLength, nextStreamID, localWindowSize, lastProcStreamID,
      remoteWindowSize, outboundQueueSize, deflateDynamicTableSize, inflateDynamicTableSize,
    ] = values;
    return {
      effectiveLocalWindowSize, effectiveRecvDataLength, nextStreamID, localWindowSize, lastProcStreamID,
      remoteWindowSize, outboundQueueSize, deflateDynamicTableSize, inflateDynamicTableSize,
    };
  }

  get localSettings() {
    const state = this[kState];
    if (state.localSettings) return state.localSettings;
    if (this.destroyed || this.connecting) return {};
    state.localSettings = settingsObject(this[kNative].localSettings(), state.customSettings);
    return state.localSettings;
  }

  get remoteSettings() {
    const state = this[kState];
    if (state.remoteSettings) return state.remoteSettings;
    if (this.destroyed || this.connecting) return {};
    state.remoteSettings = settingsObject(this[kNative].remoteSettings(), state.remoteCustomSettings);
    return state.remoteSettings;
  }

  /**
   * Sends settings.
   * @param {object} settings
   * @param {(error: Error | null, settings: object, duration: number) => void} [callback]
   */
  settings(settings, callback) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    checkObject(settings, 'settings');
    checkSettings(settings);
    if (callback) validateFunction(callback, 'callback');
    this[kState].pendingAck++;
    settings = { ...settings };
    afterConnect(this, () => this.#sendSettings(settings, callback));
  }

  #sendSettings(settings, callback) {
    if (this.destroyed) return;
    this[kUpdateTimer]();
    const native = this[kNative];
    const { maxOutstandingSettings } = this[kOptions];
    const most = typeof maxOutstandingSettings === 'number' ? maxOutstandingSettings : DEFAULT_OUTSTANDING;
    if (native.settingsSent.length >= most) {
      this.destroy(new ERR_HTTP2_MAX_PENDING_SETTINGS_ACK());
      return;
    }
    const state = this[kState];
    if (settings.customSettings !== undefined) {
      state.customSettings = { ...state.customSettings, ...settings.customSettings };
      state.localSettings = undefined;
    }
    native.settingsSent.push(new Acknowledged('HTTP2SETTINGS', (error, duration) => {
      state.pendingAck--;
      state.localSettings = undefined;
      if (error) {
        if (typeof callback === 'function') callback(error);
        return;
      }
      if (typeof callback === 'function') callback(null, this.localSettings, duration);
      this.emit('localSettings', this.localSettings);
    }));
    native.settings(settingsEntries(settings));
  }

  /**
   * Says goodbye.
   * @param {number} [code]
   * @param {number} [lastStreamID]
   * @param {Buffer | TypedArray | DataView} [opaqueData]
   */
  goaway(code = NGHTTP2_NO_ERROR, lastStreamID = 0, opaqueData) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (opaqueData !== undefined) validateBuffer(opaqueData, 'opaqueData');
    validateNumber(code, 'code');
    validateNumber(lastStreamID, 'lastStreamID');
    const send = () => {
      if (this.destroyed) return;
      this[kUpdateTimer]();
      this[kNative].goaway(code, lastStreamID, opaqueData);
    };
    afterConnect(this, send);
  }

  /**
   * Ends the session at once.
   * @param {Error | number} [error]
   * @param {number} [code]
   */
  destroy(error = NGHTTP2_NO_ERROR, code) {
    if (this.destroyed) return;
    if (typeof error === 'number') {
      code = error;
      error = code !== NGHTTP2_NO_ERROR ? new ERR_HTTP2_SESSION_ERROR(code) : undefined;
    }
    if (code === undefined && error != null) code = NGHTTP2_INTERNAL_ERROR;
    closeSession(this, code ?? NGHTTP2_NO_ERROR, error);
  }

  /**
   * Ends the session once its streams are done.
   * @param {Function} [callback] for the event 'close'
   */
  close(callback) {
    if (this.closed || this.destroyed) return;
    const state = this[kState];
    state.isClosed = true;
    if (typeof callback === 'function') this.once('close', callback);
    this.goaway();
    this[kMaybeDestroy]();
  }

  /** Destroys what is closed and has no streams. */
  [kMaybeDestroy](error) {
    const state = this[kState];
    if (error == null && (!this.closed || state.streams.size > 0 || state.pendingStreams.size > 0)) return;
    this.destroy(error);
  }

  _onTimeout() {
    if (this.destroyed) return;
    let isWriting = false;
    for (const stream of this[kState].streams.values()) isWriting ||= stream[kState].writeQueueSize > 0;
    if (isWriting && hasWritten(this, this[kState])) {
      this[kUpdateTimer]();
      return;
    }
    this.emit('timeout');
  }

  ref() {
    this[kSocket]?.ref?.();
  }

  unref() {
    this[kSocket]?.unref?.();
  }
}

Http2Session.prototype.setTimeout = setStreamTimeout;

/** Does something once a session is connected. */
function afterConnect(session, action) {
  if (!session.connecting) {
    action();
    return;
  }
  const state = session[kState];
  if (state.whenConnected === null) {
    state.whenConnected = [];
    session.once('connect', () => {
      for (const waiting of state.whenConnected) waiting();
      state.whenConnected = null;
    });
  }
  state.whenConnected.push(action);
}

/** The origins for which the session may be used; the first is that of its socket. */
function initOriginSet(session) {
  const state = session[kState];
  if (state.originSet !== undefined) return state.originSet;
  const socket = session[kSocket];
  state.originSet = new Set();
  let host = socket.servername;
  if (!host) host = socket.remoteFamily === 'IPv6' ? `[${socket.remoteAddress}]` : socket.remoteAddress;
  let origin = `https://${host}`;
  if (socket.remotePort != null) origin += `:${socket.remotePort}`;
  const { URL } = require('web/url');
  state.originSet.add(new URL(origin).origin);
  return state.originSet;
}

module.exports = { Http2Session, afterConnect, initOriginSet };
