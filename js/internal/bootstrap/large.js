// What programs of many modules need nearly always. It is loaded when the large one of the two start-up snapshots is made,
// so that such a program finds it loaded; a program of one line starts from the small one. What a program may influence
// before it loads a module is not here: `zlib` takes `buffer.kMaxLength` as it is then, `crypto` reads options,
// `async_hooks` begins to watch, `diagnostics_channel` makes the channels.
'use strict';

const wanted = [
  'fs',
  'http',
  'net',
  'querystring',
  'stream',
  'tty',
  'url',
  'util',
  'internal/async_local_storage',
  'internal/async_resource',
  'internal/blob',
  'internal/child_process/channels',
  'internal/cluster/role',
  'internal/crypto/exports',
  'internal/crypto/hash',
  'internal/crypto/keys',
  'internal/crypto/random',
  'internal/dns/lookup',
  'internal/http2/channels',
  'internal/modules/compile_cache',
  'internal/modules/esm/commonjs',
  'internal/modules/esm/from_commonjs',
  'internal/modules/esm/loader',
  'internal/modules/package_exports',
  'internal/util/colors',
  'internal/zlib/exports',
];

/** Called by the host while the large snapshot is made. */
function load() {
  for (const id of wanted) require(id);
}

module.exports = { load };
