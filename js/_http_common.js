// Node's `_http_common`: parsers of HTTP/1 for both sides, and what they agree on.
'use strict';

const { HTTPParser } = require('internal/http/parser');
const { MessageParser, kIncomingMessage } = require('internal/http/message_parser');
const { checkInvalidHeaderChar, checkIsHttpToken } = require('internal/http/fields');
const { FreeList } = require('internal/http/free_list');
const { methods } = require('internal/http/methods');

const kSkipPendingData = Symbol('SkipPendingData');

/** How many parsers wait for the next connection where the program does not say. */
const IDLE_PARSERS = 1000;

const parsers = new FreeList('parsers', IDLE_PARSERS, function parsersCb() {
  return new MessageParser();
});

/**
 * Ends the work of a parser.
 * @param {MessageParser | null | undefined} parser
 * @param {object | null} [req] the request that refers to it
 * @param {object | null} [socket] the socket that refers to it
 */
function freeParser(parser, req, socket) {
  if (parser) {
    if (parser._consumed) parser.unconsume();
    parser.clear();
    parser.remove();
    if (parser.isPooled === false || parsers.free(parser) === false) setImmediate(closeParser, parser);
    parser.free();
  }
  if (req) req.parser = null;
  if (socket) socket.parser = null;
}

function closeParser(parser) {
  parser.close();
}

let insecure;

/** @returns {boolean} whether the command line asks for a lenient parser */
function isLenient() {
  if (insecure === undefined) {
    insecure = Boolean(require('internal/options').getOptionValue('--insecure-http-parser'));
    if (insecure) process.emitWarning('Using insecure HTTP parsing');
  }
  return insecure;
}

/**
 * @param {'strict' | 'relaxed' | 'insecure'} [httpValidation]
 * @param {boolean} [insecureHTTPParser]
 * @returns {number} a sum of `HTTPParser.kLenient*`
 */
function calculateLenientFlags(httpValidation, insecureHTTPParser) {
  switch (httpValidation) {
    case 'strict': return HTTPParser.kLenientNone;
    case 'relaxed': return HTTPParser.kLenientHeaderValueRelaxed;
    case 'insecure': return HTTPParser.kLenientAll;
  }
  const lenient = insecureHTTPParser === undefined ? isLenient() : insecureHTTPParser;
  return lenient ? HTTPParser.kLenientAll : HTTPParser.kLenientNone;
}

/** Completes the error of a parser. */
function prepareError(error, parser, rawPacket) {
  error.rawPacket = rawPacket || parser.getCurrentBuffer();
  if (error.reason) error.message = `Parse Error: ${error.reason}`;
}

module.exports = {
  _checkInvalidHeaderChar: checkInvalidHeaderChar,
  _checkIsHttpToken: checkIsHttpToken,
  chunkExpression: /(?:^|\W)chunked(?:$|\W)/i,
  continueExpression: /(?:^|\W)100-continue(?:$|\W)/i,
  CRLF: '\r\n',
  freeParser,
  methods,
  parsers,
  kIncomingMessage,
  HTTPParser,
  isLenient,
  calculateLenientFlags,
  prepareError,
  kSkipPendingData,
};
