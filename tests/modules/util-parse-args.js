// `util.parseArgs`.
'use strict';

const assert = require('node:assert');
const { parseArgs } = require('node:util');

const options = {
  file: { type: 'string', short: 'f' },
  verbose: { type: 'boolean', short: 'v' },
  tag: { type: 'string', short: 't', multiple: true },
  level: { type: 'string', default: 'info' },
};

function values(args, more) {
  return { ...parseArgs({ args, options, allowPositionals: true, ...more }).values };
}

assert.deepStrictEqual(values([]), { level: 'info' });
assert.deepStrictEqual(values(['-vf', 'a', '--tag=b', '-tc']), {
  verbose: true, file: 'a', tag: ['b', 'c'], level: 'info',
});
assert.deepStrictEqual(values(['--file', 'a', '--file=b=c', '--level', 'x']), { file: 'b=c', level: 'x' });
assert.deepStrictEqual(values(['--no-verbose'], { allowNegative: true }), { verbose: false, level: 'info' });
assert.deepStrictEqual(
  parseArgs({ args: ['a', '-', '--', '-v'], options, allowPositionals: true }).positionals,
  ['a', '-', '-v']);
assert.deepStrictEqual(
  parseArgs({ args: ['-abc', '--d=e', '--__proto__', 'f'], strict: false }),
  { values: { __proto__: null, a: true, b: true, c: true, d: 'e' }, positionals: ['f'] });

const args = ['-vf', 'x', '--tag=y', '--', 'z'];
assert.deepStrictEqual(
  parseArgs({ args, options, allowPositionals: true, tokens: true }).tokens,
  [
    { kind: 'option', name: 'verbose', rawName: '-v', index: 0, value: undefined, inlineValue: undefined },
    { kind: 'option', name: 'file', rawName: '-f', index: 0, value: 'x', inlineValue: false },
    { kind: 'option', name: 'tag', rawName: '--tag', index: 2, value: 'y', inlineValue: true },
    { kind: 'option-terminator', index: 3 },
    { kind: 'positional', index: 4, value: 'z' },
  ]);

function refuses(args, code, message) {
  assert.throws(() => parseArgs({ args, options }), { name: 'TypeError', code, message });
}

refuses(['--nope'], 'ERR_PARSE_ARGS_UNKNOWN_OPTION', 'Unknown option \'--nope\'');
refuses(['x'], 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
        'Unexpected argument \'x\'. This command does not take positional arguments');
refuses(['-f'], 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', 'Option \'-f, --file <value>\' argument missing');
refuses(['--verbose=1'], 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
        'Option \'-v, --verbose\' does not take an argument');
refuses(['-f', '-v'], 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
        'Option \'-f\' argument is ambiguous.\n' +
        'Did you forget to specify the option argument for \'-f\'?\n' +
        'To specify an option argument starting with a dash use \'--file=-XYZ\' or \'-f-XYZ\'.');
assert.throws(() => parseArgs({ args: ['--x'], options, allowPositionals: true }), {
  message: 'Unknown option \'--x\'. To specify a positional argument starting with a \'-\', place it ' +
    'at the end of the command after \'--\', as in \'-- "--x"',
});

for (const [config, message] of [
  [{ options: { a: {} } }, 'The "options.a.type" property must be (\'string|boolean\'). Received undefined'],
  [{ options: { a: { type: 'string', short: 'ab' } } },
   'The property \'options.a.short\' must be a single character. Received \'ab\''],
  [{ options: { a: { type: 'string', multiple: true, default: ['x', 1] } } },
   'The "options.a.default[1]" property must be of type string. Received type number (1)'],
  [{ strict: 1 }, 'The "strict" argument must be of type boolean. Received type number (1)'],
]) {
  assert.throws(() => parseArgs({ args: [], ...config }), { message });
}
