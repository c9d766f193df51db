// The native streams of sockets and pipes: see `ops/net/stream.rs`.
'use strict';

const binding = internalBinding('net');

/** The end of what can be read, as a status of `onread`. */
const UV_EOF = -4095;

/** The encodings that handles write themselves, by their names. */
const ENCODINGS = { 'utf8': 0, 'utf-8': 0, 'ascii': 1, 'latin1': 1, 'binary': 1, 'ucs2': 2, 'ucs-2': 2, 'utf16le': 2,
                    'utf-16le': 2 };

module.exports = { ENCODINGS, PipeHandle: binding.PipeHandle, TcpHandle: binding.TcpHandle, UV_EOF };
