// Values in the engine's format: `serialize`, `deserialize` and their classes.
'use strict';

const assert = require('node:assert');
const v8 = require('node:v8');

// The bytes are Node's.
const bytes = {
  ff0f4902: 1,
  ff0f2203616263: 'abc',
  ff0f6f2201614902220162617b02: undefined,
  ff0f5c0a0568656c6c6f: Buffer.from('hello'),
  ff0f5c0808000000000000f83f: new Float64Array([1.5]),
  ff0f5c0d02003c: new Float16Array([1]),
  ff0f3b490249043a02: new Map([[1, 2]]),
};
for (const [hex, value] of Object.entries(bytes)) {
  if (value === undefined) continue;
  assert.strictEqual(v8.serialize(value).toString('hex'), hex);
  assert.deepStrictEqual(v8.deserialize(Buffer.from(hex, 'hex')), value);
}

// Everything that can travel comes back.
{
  const shared = { inner: [1, , 3] };
  const value = {
    shared, again: shared, date: new Date(5), pattern: /x/gi, big: -(2n ** 70n), set: new Set(['a']),
    view: new DataView(new ArrayBuffer(3)), buffer: new ArrayBuffer(2), undef: undefined, text: 'ü€😀',
  };
  value.self = value;
  const copy = v8.deserialize(v8.serialize(value));
  assert.deepStrictEqual(copy, value);
  assert.strictEqual(copy.shared, copy.again);
  assert.strictEqual(copy.self, copy);
}

// What cannot, is refused with the error that the hook makes.
assert.throws(() => v8.serialize(() => {}), { name: 'Error', message: '()=>{} could not be cloned.'.replace('()=>{}', '() => {}') });
assert.throws(() => v8.serialize(new SharedArrayBuffer(1)), { message: '#<SharedArrayBuffer> could not be cloned.' });
{
  class Own extends v8.Serializer {
    _writeHostObject(view) {
      this.writeUint32(view.length);
      this.writeUint64(1, 2);
      this.writeDouble(0.5);
      this.writeRawBytes(Buffer.from('raw'));
    }
    _getDataCloneError = RangeError;
  }
  const serializer = new Own();
  serializer._setTreatArrayBufferViewsAsHostObjects(true);
  serializer.writeHeader();
  serializer.writeValue({ view: new Uint8Array(7) });
  assert.throws(() => serializer.writeValue(Symbol('s')), { name: 'RangeError' });
  const written = serializer.releaseBuffer();
  assert.strictEqual(serializer.releaseBuffer().length, 0);

  class OwnReader extends v8.Deserializer {
    _readHostObject() {
      return { length: this.readUint32(), wide: this.readUint64(), half: this.readDouble(), raw: this.readRawBytes(3) };
    }
  }
  const reader = new OwnReader(written);
  assert.strictEqual(reader.readHeader(), true);
  assert.strictEqual(reader.getWireFormatVersion(), 15);
  assert.deepStrictEqual(reader.readValue(), { view: { length: 7, wide: [1, 2], half: 0.5, raw: Buffer.from('raw') } });
}

// Broken bytes and wrong calls.
assert.throws(() => v8.deserialize(Buffer.from('ff0d6f22', 'hex')), { message: 'Unable to deserialize cloned data.' });
assert.throws(() => v8.deserialize('x'), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => v8.Serializer(), { name: 'TypeError', code: 'ERR_CONSTRUCT_CALL_REQUIRED' });
assert.throws(() => v8.Serializer.prototype.writeHeader.call({}), { name: 'TypeError', message: 'Illegal invocation' });
assert.throws(() => new v8.Deserializer(Buffer.alloc(1)).readDouble(), { message: 'ReadDouble() failed' });
