// mongodb: the client and its BSON, against a server that answers the first commands.
'use strict';
const net = require('net');
const { MongoClient, ObjectId, Long, Decimal128, BSON } = require('mongodb');

const document = { id: new ObjectId('0123456789abcdef01234567'), long: Long.fromString('9007199254740993'), price: Decimal128.fromString('1.10'), date: new Date(0), bytes: Buffer.from('ab'), nested: [{ a: null }], re: /x/i };
const bytes = BSON.serialize(document);
console.log(bytes.length, BSON.deserialize(bytes), BSON.EJSON.stringify(document));

const commands = [];
const server = net.createServer((socket) => {
  let rest = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const message = rest.subarray(0, rest.readInt32LE(0));
      rest = rest.subarray(message.length);
      const isQuery = message.readInt32LE(12) === 2004;
      const command = BSON.deserialize(isQuery ? message.subarray(16 + 4 + message.subarray(20).indexOf(0) + 1 + 8) : message.subarray(21));
      const name = Object.keys(command)[0];
      if (!/hello|ismaster/i.test(name)) commands.push(name);
      const reply = name === 'find' ? { cursor: { firstBatch: [{ _id: 1, name: 'ann' }, { _id: 2, name: 'bob' }], id: 0n, ns: 'test.people' }, ok: 1 } :
        name === 'insert' ? { n: 1, ok: 1 } : name === 'boom' ? { ok: 0, errmsg: 'no such command', code: 59, codeName: 'CommandNotFound' } :
          { ok: 1, isWritablePrimary: true, ismaster: true, helloOk: true, maxBsonObjectSize: 16777216, maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000, minWireVersion: 0, maxWireVersion: 21 };
      const body = BSON.serialize(reply);
      const head = Buffer.alloc(isQuery ? 36 : 21);
      head.writeInt32LE(head.length + body.length, 0);
      head.writeInt32LE(1, 4);
      head.writeInt32LE(message.readInt32LE(4), 8);
      head.writeInt32LE(isQuery ? 1 : 2013, 12);
      if (isQuery) head.writeInt32LE(1, 32);
      socket.write(Buffer.concat([head, body]));
    }
  });
}).listen(0, '127.0.0.1', async () => {
  const client = new MongoClient(`mongodb://127.0.0.1:${server.address().port}/?directConnection=true`, { serverSelectionTimeoutMS: 5000, monitorCommands: true });
  client.on('commandSucceeded', (event) => console.log('succeeded', event.commandName));
  await client.connect();
  const people = client.db('test').collection('people');
  console.log(await people.insertOne({ _id: 3, name: 'cy' }), await people.find({ name: /a/ }).sort({ name: 1 }).toArray());
  await client.db('test').command({ boom: 1 }).catch((error) => console.log(error.name, error.code, error.message));
  await client.close();
  console.log(commands);
  server.close();
});
