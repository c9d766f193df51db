// The form of messages under `serialization: 'advanced'`: the engine's format, in which buffers and views keep
// their class and other objects of the host travel as plain ones.
'use strict';

const { Buffer } = require('buffer');
const { DefaultDeserializer, DefaultSerializer } = require('internal/v8/serdes');

const VIEW = 0;
const NO_VIEW = 1;

class MessageSerializer extends DefaultSerializer {
  _writeHostObject(object) {
    if (ArrayBuffer.isView(object)) {
      this.writeUint32(VIEW);
      super._writeHostObject(object);
    } else {
      this.writeUint32(NO_VIEW);
      this.writeValue({ ...object });
    }
  }
}

class MessageDeserializer extends DefaultDeserializer {
  _readHostObject() {
    return this.readUint32() === VIEW ? super._readHostObject() : this.readValue();
  }
}

/**
 * @param {any} message
 * @returns {Buffer}
 */
function serialize(message) {
  const serializer = new MessageSerializer();
  serializer.writeHeader();
  serializer.writeValue(message);
  return serializer.releaseBuffer();
}

/**
 * @param {Uint8Array} bytes  which the message may go on to use
 * @returns {any}
 */
function deserialize(bytes) {
  const deserializer = new MessageDeserializer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  deserializer.readHeader();
  return deserializer.readValue();
}

module.exports = { deserialize, serialize };
