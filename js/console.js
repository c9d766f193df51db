// Node's `console`: the global console.
'use strict';

const { ProcessOutput, STDERR, STDOUT } = require('internal/console/output');
const { Console, initialize, tag } = require('internal/console/constructor');
const { engineConsole } = require('internal/console/engine');
const { createTask } = require('internal/console/task');

// What only an inspector gives a meaning is the engine's own.
const ENGINE_METHODS = ['profile', 'profileEnd', 'timeStamp', 'context'];

const output = new ProcessOutput('auto');
const console = Object.create({});

for (const name of Object.keys(Console.prototype)) {
  const method = Console.prototype[name].bind(console);
  Object.defineProperties(method, {
    name: { __proto__: null, value: name },
    length: { __proto__: null, value: 0 },
  });
  console[name] = method;
}
initialize(console, output, true);
console.Console = Console;
for (const name of ENGINE_METHODS) console[name] = engineConsole[name];
console.createTask = engineConsole.createTask ?? createTask;

function defineStream(name, fd) {
  Object.defineProperty(console, name, {
    __proto__: null,
    get() { return output.getStream(fd); },
    set(value) { output.replaceStream(fd, value); },
    enumerable: false,
    configurable: true,
  });
}
defineStream('_stdout', STDOUT);
defineStream('_stderr', STDERR);
tag(console);

module.exports = console;
