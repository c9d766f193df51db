// Keys that both sides have agreed on beforehand: the answers of `pskCallback`, checked.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateString } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { Buffer } = require('buffer');
const { kOwner } = require('internal/net/handles');

const kPskCallback = Symbol('pskcallback');
const kPskIdentityHint = Symbol('pskidentityhint');

function checkKey(psk, name, longest) {
  if (!isArrayBufferView(psk)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], psk);
  }
  if (psk.byteLength > longest) {
    throw new ERR_INVALID_ARG_VALUE(name, psk, `Pre-shared key exceeds ${longest} bytes`);
  }
}

/** The question of a server's handle: the key for an identity. */
function onPskServer(identity, longestKey) {
  const owner = this[kOwner];
  try {
    const answer = owner[kPskCallback].call(owner, owner, identity);
    if (answer === null || answer === undefined) return undefined;
    if (typeof answer !== 'object') {
      throw new ERR_INVALID_ARG_TYPE('ret', ['Object', 'Buffer', 'TypedArray', 'DataView'], answer);
    }
    const psk = isArrayBufferView(answer) ? answer : answer.psk;
    checkKey(psk, 'psk', longestKey);
    return psk;
  } catch (error) {
    owner.destroy(error);
    return undefined;
  }
}

/** The question of a client's handle: identity and key for a hint. */
function onPskClient(hint, longestKey, longestIdentity) {
  const owner = this[kOwner];
  try {
    const answer = owner[kPskCallback].call(owner, hint);
    if (answer === null || answer === undefined) return undefined;
    if (typeof answer !== 'object') throw new ERR_INVALID_ARG_TYPE('ret', 'Object', answer);
    checkKey(answer.psk, 'ret.psk', longestKey);
    const { identity } = answer;
    validateString(identity, 'ret.identity');
    if (Buffer.byteLength(identity) > longestIdentity) {
      throw new ERR_INVALID_ARG_VALUE('ret.identity', identity, `PSK identity exceeds ${longestIdentity} bytes`);
    }
    return { psk: answer.psk, identity };
  } catch (error) {
    owner.destroy(error);
    return undefined;
  }
}

module.exports = { kPskCallback, kPskIdentityHint, onPskClient, onPskServer };
