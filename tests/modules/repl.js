// `repl`: what is entered is evaluated and its value printed; code that is not complete waits for more.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { PassThrough, Writable } = require('node:stream');
const repl = require('node:repl');

function open(options) {
  let text = '';
  const output = new Writable({
    write(chunk, encoding, callback) {
      text += chunk;
      callback();
    },
  });
  const server = repl.start({ input: new PassThrough(), output, prompt: '> ', ...options });
  const take = () => {
    const taken = text;
    text = '';
    return taken;
  };
  const enter = (line) => {
    take();
    server.write(`${line}\n`);
    return take();
  };
  return { server, enter, take };
}

// Values, what has no value, and what is thrown.
{
  const { server, enter } = open();
  assert.strictEqual(enter('1 + 1'), '2\n> ');
  assert.strictEqual(enter('_ * 2'), '4\n> ');
  assert.strictEqual(enter('let a = { b: 1 }'), 'undefined\n> ');
  assert.strictEqual(enter('{ c: a.b }'), '{ c: 1 }\n> ');
  assert.strictEqual(enter('throw new Error("x")'), 'Uncaught Error: x\n> ');
  assert.strictEqual(enter('_error.message'), '\'x\'\n> ');
  assert.strictEqual(enter('throw null'), 'Uncaught null\n> ');
  assert.strictEqual(enter('5 5'), '5 5\n  ^\n\nUncaught SyntaxError: Unexpected number\n> ');
  assert.strictEqual(enter('(function f() { throw new TypeError("y") })()'),
                     'Uncaught TypeError: y\n    at f (REPL9:1:23)\n> ');
  assert.strictEqual(enter('typeof require("os").cpus'), '\'function\'\n> ');
  assert.strictEqual(enter('let a = 2'), 'Uncaught SyntaxError: Identifier \'a\' has already been declared\n> ');
  server.close();
}

// Code in several lines.
const incomplete = [['foo = [1,', '2]'], ['`a', 'b`'], ['if (1) {', '3 }'], ['/* x', '*/ 4'], ['"a\\', 'b"'],
                    ['const q', '= 5']];
for (const lines of incomplete) {
  const { server, enter } = open();
  assert.strictEqual(enter(lines[0]), '| ');
  assert.ok(enter(lines[1]).endsWith('\n> '));
  server.close();
}

// Commands, completion, settings.
{
  const { server, enter } = open({ ignoreUndefined: true, useGlobal: false });
  server.defineCommand('say', { help: 'Says it', action(text) {
    this.output.write(`said ${text}\n`);
    this.displayPrompt();
  } });
  assert.strictEqual(enter('.say it'), 'said it\n> ');
  assert.strictEqual(enter('.nothing'), 'Invalid REPL keyword\n> ');
  assert.strictEqual(enter('var x = { alpha: 1, alps: 2 }'), '> ');
  server.complete('x.al', (error, [completions, text]) => {
    assert.ifError(error);
    assert.deepStrictEqual([completions, text], [['x.alpha', 'x.alps'], 'x.al']);
  });
  server.close();
}
assert.throws(() => repl.start({ breakEvalOnSigint: true, eval() {} }), { code: 'ERR_INVALID_REPL_EVAL_CONFIG' });

// An evaluation and a writer of the program's own.
{
  const evaluate = (code, context, file, callback) => {
    callback(code === 'more\n' ? new repl.Recoverable(new SyntaxError()) : null, code);
  };
  const { server, enter } = open({ eval: evaluate, writer: (value) => `<${value.trimEnd()}>` });
  assert.strictEqual(enter('abc'), '<abc>\n> ');
  assert.strictEqual(enter('more'), '| ');
  server.close();
}

// The REPL as a program.
const input = '1 + 1\nmodule.id\nvoid 0\nthrow 5\n';
const { stdout, status } = spawnSync(process.execPath, ['-i'], { input, encoding: 'utf8' });
assert.strictEqual(status, 0);
assert.match(stdout, /^Welcome to Node\.js v.*\nType "\.help" for more information\.\n> 2\n> '<repl>'\n> undefined\n/);
assert.match(stdout, /> Uncaught 5\n> \n?$/);

// What awaits is waited for; what is thrown later belongs to the REPL as well.
(async () => {
  const { server, enter, take } = open();
  const shown = () => new Promise((resolve) => {
    const { write } = server.output;
    server.output.write = (text) => {
      Reflect.apply(write, server.output, [text]);
      if (text !== '> ') return;
      server.output.write = write;
      resolve(take());
    };
  });
  const after = (line) => {
    const promise = shown();
    enter(line);
    return promise;
  };
  assert.strictEqual(await after('const n = await Promise.resolve(5)'), 'undefined\n> ');
  assert.strictEqual(await after('n + await 1'), '6\n> ');
  assert.match(await after('await Promise.reject(new Error("z"))'), /^Uncaught Error: z\n/);
  enter('setTimeout(() => { throw new Error("late") }, 1); 0');
  assert.match(await shown(), /^Uncaught Error: late\n/);
  server.close();
})();
