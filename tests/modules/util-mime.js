// `util.MIMEType` and `util.MIMEParams`.
'use strict';

const assert = require('node:assert');
const { MIMEParams, MIMEType } = require('node:util');

const mime = new MIMEType(
  ' Text/HTML ; Charset=UTF-8; charset=other; note="a \\"b\\""; =x; empty=; bad="\u0100"');
assert.strictEqual(mime.type, 'text');
assert.strictEqual(mime.subtype, 'html');
assert.strictEqual(mime.essence, 'text/html');
assert.deepStrictEqual([...mime.params], [['charset', 'UTF-8'], ['note', 'a "b"']]);
assert.strictEqual(String(mime), 'text/html;charset=UTF-8;note="a \\"b\\""');
assert.strictEqual(JSON.stringify(mime), JSON.stringify(String(mime)));

mime.type = 'IMAGE';
mime.subtype = 'Svg+xml';
mime.params.delete('note');
mime.params.set('Q', '');
assert.strictEqual(String(mime), 'image/svg+xml;charset=UTF-8;q=""');
assert.strictEqual(mime.params.get('CHARSET'), 'UTF-8');
assert.strictEqual(mime.params.get('missing'), null);
assert.strictEqual(mime.params.has('q'), true);
assert.deepStrictEqual([...mime.params.keys()], ['charset', 'q']);
assert.deepStrictEqual([...mime.params.values()], ['UTF-8', '']);
assert.strictEqual(String(new MIMEParams()), '');
assert.strictEqual(MIMEParams.prototype[Symbol.iterator], MIMEParams.prototype.entries);

assert.strictEqual(String(MIMEType.parse('a/b;c=d')), 'a/b;c=d');
assert.strictEqual(MIMEType.parse('no'), null);

function refuses(fn, message) {
  assert.throws(fn, { name: 'TypeError', code: 'ERR_INVALID_MIME_SYNTAX', message });
}

refuses(() => new MIMEType('text'), 'The MIME syntax for a type in "text" is invalid');
refuses(() => new MIMEType('te xt/html'), 'The MIME syntax for a type in "te xt/html" is invalid at 2');
refuses(() => new MIMEType('text/'), 'The MIME syntax for a subtype in "text/" is invalid');
refuses(() => new MIMEType('text/ht ml'), 'The MIME syntax for a subtype in "text/ht ml" is invalid at 2');
refuses(() => { mime.type = ''; }, 'The MIME syntax for a type in "" is invalid');
refuses(() => mime.params.set('a b', 'x'), 'The MIME syntax for a parameter name in "a b" is invalid at 1');
refuses(() => mime.params.set('a', '\n'), 'The MIME syntax for a parameter value in "\n" is invalid at 0');
