// Node's `cluster`: several processes that share what they listen on.
'use strict';

module.exports = require('internal/cluster/role').isWorker ?
  require('internal/cluster/child') :
  require('internal/cluster/primary');
