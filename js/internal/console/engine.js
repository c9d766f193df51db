// The console that V8 brings along, which only inspectors hear. Loaded before Node's takes its place.
'use strict';

module.exports = { engineConsole: globalThis.console };
