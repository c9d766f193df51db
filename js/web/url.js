// The web's `URL`, and with it `URLSearchParams`.

'use strict';

const { codes: { ERR_INVALID_URL, ERR_MISSING_ARGS } } = require('internal/errors');
const { kEnumerableProperty } = require('internal/util');
const { URLSearchParams, forQuery, replaceQuery } = require('web/url_search_params');

const binding = internalBinding('url');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** Stands for a port, query or fragment that there is not. */
const kAbsent = 0xffffffff;

/** Parts of a URL, by the numbers that the native half knows them by. */
const kProtocol = 0;
const kUsername = 1;
const kPassword = 2;
const kHost = 3;
const kHostname = 4;
const kPort = 5;
const kPathname = 6;
const kSearch = 7;
const kHash = 8;

/** What the native half writes into: see `URLContext`. */
let components;

/**
 * A serialised URL and where its parts are:
 *
 *     https://user:pass@example.com:1234/foo/bar?baz#quux
 *           |     |    |           |    |       |   `- hash_start
 *           |     |    |           |    |       `----- search_start
 *           |     |    |           |    `------------- pathname_start
 *           |     |    |           `------------------ host_end
 *           |     |    `------------------------------ host_start
 *           |     `----------------------------------- username_end
 *           `----------------------------------------- protocol_end
 */
class URLContext {
  href = '';
  protocol_end = 0;
  username_end = 0;
  host_start = 0;
  host_end = 0;
  pathname_start = 0;
  search_start = 0;
  hash_start = 0;
  port = 0;

  /** Takes over what the native half has just parsed. */
  update(href) {
    this.href = href;
    this.protocol_end = components[0];
    this.username_end = components[1];
    this.host_start = components[2];
    this.host_end = components[3];
    this.port = components[4];
    this.pathname_start = components[5];
    this.search_start = components[6];
    this.hash_start = components[7];
  }

  get hasPort() {
    return this.port !== kAbsent;
  }

  get hasSearch() {
    return this.search_start !== kAbsent;
  }

  get hasHash() {
    return this.hash_start !== kAbsent;
  }
}
