// How many observers want performance entries of a type: what makes entries asks before it makes them.
'use strict';

module.exports = {
  __proto__: null,
  dns: 0,
  function: 0,
  gc: 0,
  http: 0,
  http2: 0,
  mark: 0,
  measure: 0,
  net: 0,
  quic: 0,
  resource: 0,
};
