// Sockets and servers on their way through a channel: what is sent for each, and what is made of it.
'use strict';

const { PipeHandle, TcpHandle } = require('internal/net/handles');
const { getSocketList, listsOf } = require('internal/child_process/socket_list');
const binding = internalBinding('net');

/** Those of datagram sockets, of which most programs have none. */
const dgram = () => require('internal/dgram');

/** The native handle of a descriptor that has arrived. */
function openHandle(fd) {
  const kind = binding.kindOf(fd);
  if (kind === 'UDP') return dgram().openHandle(fd);
  const handle = kind === 'TCP' ? new TcpHandle() : new PipeHandle();
  handle.open(fd);
  return handle;
}

const nativeHandle = {
  type: 'net.Native',
  send: (target, message, handle) => handle,
  receive: (target, message, fd, done) => done(openHandle(fd)),
};

const server = {
  type: 'net.Server',
  send: (target, message, handle) => handle._handle,
  receive(target, message, fd, done) {
    const { Server } = require('net');
    const received = new Server();
    received.listen(openHandle(fd), () => done(received));
  },
};

/** Has the server of a socket ask the other process about its connections. */
function shareServer(target, message, socket, options) {
  if (!socket.server) return;
  message.key = socket.server._connectionKey;
  const isFirst = listsOf(target).send[message.key] === undefined;
  const list = getSocketList('send', target, message.key);
  if (isFirst) socket.server._setupWorker(list);
  if (options.keepOpen) return;
  socket.server._connections--;
  socket.server._emitCloseIfDrained();
}

const socket = {
  type: 'net.Socket',
  send(target, message, handle, options) {
    if (!handle._handle) return null;
    shareServer(target, message, handle, options);
    const native = handle._handle;
    // The socket is the other process's now: what comes for it is not read here.
    if (!options.keepOpen) {
      native.onread = () => {};
      native.readStop?.();
      // What was read already and given to nobody goes along.
      const held = native.takeHeld?.();
      if (held !== undefined) message.held = Buffer.from(held).toString('base64');
      handle._handle = null;
      handle.setTimeout(0);
    }
    return native;
  },
  sent(target, message, handle, options, callback) {
    if (options.keepOpen) return;
    target._pendingMessage = { callback, message, handle, options, retransmissions: 0 };
  },
  receive(target, message, fd, done) {
    const { Socket } = require('net');
    const native = openHandle(fd);
    if (message.held !== undefined) native.hold(Buffer.from(message.held, 'base64'));
    const received = new Socket({ handle: native, readable: true, writable: true });
    if (message.key) getSocketList('got', target, message.key).add({ socket: received });
    done(received);
  },
};

const datagramHandle = { ...nativeHandle, type: 'dgram.Native' };

const datagramSocket = {
  type: 'dgram.Socket',
  send(target, message, handle) {
    message.dgramType = handle.type;
    return dgram().handleOf(handle);
  },
  receive(target, message, fd, done) {
    const { Socket } = require('dgram');
    const received = new Socket(message.dgramType);
    received.bind(openHandle(fd), () => done(received));
  },
};

const conversions = [nativeHandle, server, socket, datagramHandle, datagramSocket];

/**
 * @param {object} handle
 * @returns {object | undefined} how it travels; undefined where it cannot
 */
function conversionOf(handle) {
  const net = require('net');
  if (handle instanceof net.Socket) return socket;
  if (handle instanceof net.Server) return server;
  if (handle instanceof TcpHandle || handle instanceof PipeHandle) return nativeHandle;
  if (typeof handle.recvStart === 'function') return datagramHandle;
  if (typeof handle.addMembership === 'function' && handle instanceof require('dgram').Socket) return datagramSocket;
}

/**
 * Makes of a descriptor that has arrived what was sent.
 * @param {object} target  the side of the channel
 * @param {{ type: string }} message
 * @param {number} fd
 * @param {(handle: object) => void} done
 */
function receiveHandle(target, message, fd, done) {
  const conversion = conversions.find(({ type }) => type === message.type);
  conversion.receive(target, message, fd, done);
}

module.exports = { conversionOf, receiveHandle };
