// The symbols under which the parts of `http2` keep what is not for programs.
'use strict';

module.exports = {
  /** Of sessions: the native session, while there is one. */
  kNative: Symbol('native'),
  /** Of sessions and streams: `{ ... }` what they remember. */
  kState: Symbol('state'),
  /** Of sessions: the socket; of sockets: the session. */
  kSocket: Symbol('socket'),
  kBoundSession: Symbol('session'),
  /** Of sessions: what programs get for the socket. */
  kProxySocket: Symbol('proxy-socket'),
  /** Of streams: their session. */
  kSession: Symbol('session'),
  /** Of streams: their number. */
  kId: Symbol('id'),
  /** Of streams: what carries their asynchronous context, or null. */
  kScope: Symbol('scope'),
  /** Of streams: the callback of the write under way. */
  kWriteCallback: Symbol('write-callback'),
  /** Of client sessions: what requests are for where they do not say. */
  kAuthority: Symbol('authority'),
  kProtocol: Symbol('protocol'),
  /** Of server sessions and their sockets: the server. */
  kServer: Symbol('server'),
  /** Of servers and sessions: the options. */
  kOptions: Symbol('options'),
  /** Of servers: their sessions. */
  kSessions: Symbol('sessions'),
  /** Of streams: tells that they have a number. */
  kInit: Symbol('init'),
  /** Of streams: sends the headers that were not sent yet. */
  kProceed: Symbol('proceed'),
  /** Of server streams: submits the headers of the response. */
  kSendResponse: Symbol('send-response'),
  /** Of sessions and streams: destroys what is done. */
  kMaybeDestroy: Symbol('maybe-destroy'),
  /** Of sessions and streams: says that something has happened. */
  kUpdateTimer: Symbol('update-timer'),
  /** Of streams: the request or the response of the compatible interface. */
  kRequest: Symbol('request'),
  kResponse: Symbol('response'),
  kProxyStreamSocket: Symbol('proxy-stream-socket'),
  /** In headers: the names of those that are never indexed. */
  kSensitiveHeaders: Symbol('sensitiveHeaders'),
};
