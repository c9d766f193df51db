// The messages of failed comparisons: the values, or the difference of their lines.
'use strict';

const assert = require('node:assert');

function messageOf(fn) {
  try {
    fn();
  } catch (error) {
    return error.message;
  }
  throw new Error('nothing was thrown');
}

function shows(name, actual, expected, lines) {
  assert.strictEqual(messageOf(() => assert[name](actual, expected)), lines.join('\n'));
}

const strictly = 'Expected values to be strictly equal:';
const deeply = 'Expected values to be strictly deep-equal:';
const legend = '+ actual - expected';

// Short values.
shows('strictEqual', 1, 2, [strictly, '', '1 !== 2', '']);
shows('strictEqual', 'abcdef', 'abcxyz', [strictly, '', "'abcdef' !== 'abcxyz'", '']);
shows('deepStrictEqual', NaN, 0, [deeply, '', 'NaN !== 0', '']);
shows('strictEqual', {}, '', [strictly, '', "{} !== ''", '']);

// One line each, with a mark below the first difference if it is far enough.
shows('strictEqual', 0, -0, [strictly, legend, '', '+ 0', '- -0', '']);
shows('strictEqual', 'abcdef1', 'abcdef2', [strictly, legend, '', "+ 'abcdef1'", "- 'abcdef2'", '         ^', '']);
shows('strictEqual', 'xbcdef1', 'abcdef2', [strictly, legend, '', "+ 'xbcdef1'", "- 'abcdef2'", '']);
shows('strictEqual', undefined, null, [strictly, legend, '', '+ undefined', '- null', '']);
shows('strictEqual', 'a'.repeat(50), 'b'.repeat(50), [
  strictly, legend, '', `+ '${'a'.repeat(50)}'`, `- '${'b'.repeat(50)}'`, '',
]);

// Objects.
shows('strictEqual', [1], [2], [
  'Expected "actual" to be reference-equal to "expected":', legend, '', '  [', '+   1', '-   2', '  ]', '',
]);
shows('strictEqual', [1], [1], ['Values have same structure but are not reference-equal:', '', '[', '  1', ']', '']);
shows('deepStrictEqual', { a: 1, b: { c: [1, 2] } }, { a: 1, b: { c: [1, 3], d: 4 } }, [
  deeply, legend, '', '  {', '    a: 1,', '    b: {', '      c: [', '        1,', '+       2', '-       3', '      ],',
  '-     d: 4', '    }', '  }', '',
]);
shows('deepStrictEqual', { b: 1, a: 2 }, { a: 2 }, [deeply, legend, '', '  {', '    a: 2,', '+   b: 1', '  }', '']);
shows('deepStrictEqual', new Map([[1, 2]]), new Map([[1, 3]]), [
  deeply, legend, '', '  Map(1) {', '+   1 => 2', '-   1 => 3', '  }', '',
]);
shows('deepStrictEqual', new Error('a'), new Error('b'), [deeply, legend, '', '+ [Error: a]', '- [Error: b]', '']);
shows('deepStrictEqual', { get a() { return 1; } }, { a: 2 }, [
  deeply, legend, '', '  {', '+   a: [Getter: 1]', '-   a: 2', '  }', '',
]);
shows('partialDeepStrictEqual', { a: 1, b: 2 }, { a: 2 }, [
  'Expected values to be partially and strictly deep-equal:', legend, '',
  '  {', '+   a: 1,', '+   b: 2', '-   a: 2', '  }', '',
]);

// Long runs of equal lines are shortened.
const numbers = (count) => Array.from({ length: count }, (_, i) => i);
shows('deepStrictEqual', numbers(12).with(10, 'x'), numbers(12), [
  deeply, legend, '... Skipped lines', '', '  [', '    0,', '    1,', '    2,', '    3,', '...', '    9,',
  "+   'x',", '-   10,', '    11', '  ]', '',
]);
shows('deepStrictEqual', numbers(8).with(6, 'x'), numbers(8), [
  deeply, legend, '', '  [', '    0,', '    1,', '    2,', '    3,', '    4,', '    5,', "+   'x',", '-   6,', '    7',
  '  ]', '',
]);
assert.match(messageOf(() => assert.strictEqual(numbers(60), numbers(60))), /\n\n\.\.\. Skipped lines\n\[\n[^]*\n\.\.\.\}\n$/);

// The other assertions.
shows('equal', [1], 2, ['[', '  1', '] == 2']);
shows('notEqual', 1, 1, ['1 != 1']);
shows('deepEqual', 1, [2], [
  'Expected values to be loosely deep-equal:', '', '1', '', 'should loosely deep-equal', '', '[', '  2', ']',
]);
shows('notDeepEqual', [1], [1], ['Expected "actual" not to be loosely deep-equal to:', '', '[', '  1', ']']);
shows('notDeepEqual', 1, '1', [
  'Expected values not to be loosely deep-equal:', '', '1', '', 'should not loosely deep-equal', '', "'1'",
]);
shows('notStrictEqual', 1, 1, ['Expected "actual" to be strictly unequal to: 1']);
shows('notStrictEqual', 'long text', 'long text', ['Expected "actual" to be strictly unequal to:', '', "'long text'"]);
shows('notDeepStrictEqual', [1], [1], ['Expected "actual" not to be strictly deep-equal to:', '', '[', '  1', ']', '']);
assert.strictEqual(messageOf(() => assert.deepEqual('a'.repeat(600), 1)).length, 585);
assert.ok(messageOf(() => assert.notDeepStrictEqual(numbers(60), numbers(60))).endsWith('\n  44,\n...\n'));

// In place of the first line.
assert.strictEqual(messageOf(() => assert.deepStrictEqual([1], [2], 'mine')),
  'mine\n+ actual - expected\n\n  [\n+   1\n-   2\n  ]\n');
