// `readline`: lines of streams, and the editing of a line with keys.
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const { PassThrough, Readable } = require('node:stream');
const readline = require('node:readline');

function terminal(options) {
  const input = new PassThrough();
  const written = [];
  const output = Object.assign(new PassThrough(), {
    write(text) {
      written.push(text);
      return true;
    },
  });
  const rl = readline.createInterface({ input, output, terminal: true, prompt: '> ', ...options });
  const type = (text) => input.emit('data', text);
  const shown = () => written.splice(0).join('');
  return { rl, input, type, shown };
}

// Lines of a stream, however it is cut.
{
  const input = new PassThrough();
  const lines = [];
  const rl = readline.createInterface({ input, crlfDelay: Infinity });
  rl.on('line', (line) => lines.push(line));
  const euro = Buffer.from('€');
  for (const chunk of ['a\r', '\nb\n', '\u2028', 'c', 'd\re', euro.subarray(0, 2), euro.subarray(2)]) {
    input.emit('data', chunk);
  }
  input.emit('end');
  assert.deepStrictEqual(lines, ['a', 'b', '', 'cd', 'e€']);
  assert.throws(() => rl.prompt(), { code: 'ERR_USE_AFTER_CLOSE' });
}

// Words, the kill ring, undo and redo.
{
  const { rl, type } = terminal();
  type('one two three');
  type('\x17');
  assert.strictEqual(rl.line, 'one two ');
  type('\x1bb\x0b');
  assert.deepStrictEqual([rl.line, rl.cursor], ['one ', 4]);
  type('\x15\x19');
  assert.strictEqual(rl.line, 'one ');
  type('\x1by');
  assert.strictEqual(rl.line, 'two ');
  type('\x1f');
  assert.strictEqual(rl.line, '');
  type('\x1e');
  assert.strictEqual(rl.line, 'two ');
  type('\x01💻\x1b[D\x1b[C\x7f');
  assert.deepStrictEqual([rl.line, rl.cursor], ['two ', 0]);
  rl.close();
}

// The history: up and down look for what stands before the cursor; an entry can have several lines.
{
  const { rl, type } = terminal({ history: ['bar 2', 'foo', 'bar 1', 'b2\rb1'] });
  type('ba');
  type('\x1b[A\x1b[A');
  assert.deepStrictEqual([rl.line, rl.historyIndex], ['bar 1', 2]);
  type('\x1b[B');
  assert.strictEqual(rl.line, 'bar 2');
  type('\x15\x10\x10\x10');
  assert.strictEqual(rl.line, 'b1\nb2');
  type('\x1b[A');
  assert.deepStrictEqual([rl.cursor, rl.getCursorPos()], [2, { cols: 4, rows: 0 }]);
  const line = once(rl, 'line');
  type('!\r');
  line.then(([text]) => assert.strictEqual(text, 'b1!\rb2'));
  assert.strictEqual(rl.history[0], 'b2\rb1!');
  rl.close();
}

// What is shown: only what changes, or all of it; wide characters and tabs count as they are seen.
{
  const { rl, type, shown } = terminal();
  rl.prompt();
  assert.strictEqual(shown(), '\x1b[1G\x1b[0J> \x1b[3G');
  type('あ\t');
  assert.strictEqual(shown(), 'あ\t');
  assert.deepStrictEqual(rl.getCursorPos(), { cols: 8, rows: 0 });
  type('\x02x');
  assert.strictEqual(shown(), '\x1b[4D\x1b[1G\x1b[0J> あx\t\x1b[6G');
  rl.close();
}

// Completion: what is common at once, the choice at the second tab.
{
  const completer = (line) => [['food', 'fool'].filter((it) => it.startsWith(line)), line];
  const { rl, type, shown } = terminal({ completer });
  type('f');
  type('\t');
  assert.strictEqual(rl.line, 'foo');
  shown();
  type('\t');
  assert.strictEqual(shown(), '\r\nfood\r\nfool\r\n\r\n\x1b[1G\x1b[0J> foo\x1b[6G');
  rl.close();
}

// Keys and their names.
{
  const input = new PassThrough();
  readline.emitKeypressEvents(input);
  const keys = [];
  input.on('keypress', (text, key) => keys.push([text, key.name, key.ctrl, key.meta, key.shift]));
  const sequences = ['a', '\x1b[1;6', 'C', '\x1bOP', '\x1b[Z', '\x1bX', '\x03', '\x1b[200~'];
  for (const bytes of sequences) input.emit('data', bytes);
  assert.deepStrictEqual(keys, [
    ['a', 'a', false, false, false],
    [undefined, 'right', true, false, true],
    [undefined, 'f1', false, false, false],
    [undefined, 'tab', false, false, true],
    [undefined, 'x', false, true, true],
    ['\x03', 'c', true, false, false],
    [undefined, 'paste-start', false, false, false],
  ]);
}

// Questions, with promises and without; iteration; cursor movements that wait for `commit`.
(async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const rl = readline.promises.createInterface({ input, output });
  const answer = rl.question('how? ');
  assert.strictEqual(output.read().toString(), 'how? ');
  input.write('so\n');
  assert.strictEqual(await answer, 'so');
  await assert.rejects(rl.question('x', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  rl.close();
  await assert.rejects(rl.question('x'), { code: 'ERR_USE_AFTER_CLOSE' });
  const lines = [];
  for await (const line of readline.createInterface({ input: Readable.from(['1\n2', '\n3']) })) lines.push(line);
  assert.deepStrictEqual(lines, ['1', '2', '3']);

  const cursor = new readline.promises.Readline(output);
  output.read();
  await cursor.cursorTo(3, 1).moveCursor(-2, 1).clearLine(-1).clearScreenDown().commit();
  assert.strictEqual(output.read().toString(), '\x1b[2;4H\x1b[2D\x1b[1B\x1b[1K\x1b[0J');
  await cursor.clearLine(0).rollback().commit();
  assert.strictEqual(output.read()?.length ?? 0, 0);
})();
