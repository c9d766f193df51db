// What watches files at the moment, for `process.getActiveResourcesInfo()` and its like.
'use strict';

/** @type {Set<{ resource: string, hasRef(): boolean }>} */
const watchers = new Set();

module.exports = { watchers };
