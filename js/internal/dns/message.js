// DNS messages: questions as they are sent, answers as they come.
'use strict';

const { decodeName, encodeName } = require('internal/dns/name');
const { toText } = require('internal/dns/addresses');

/** The types of records, by number. */
const TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  TLSA: 52,
  ANY: 255,
  CAA: 257,
};

const CLASS_IN = 1;

/** Classes of records: Internet, Chaos, Hesiod, none. */
const CLASSES = [CLASS_IN, 3, 4, 254];

const HEADER = 12;
const RECURSION_DESIRED = 0x0100;
const TRUNCATED = 0x0200;

/** What is no message. */
class BadMessage extends Error {}

/**
 * @param {number} id
 * @param {string} name
 * @param {number} type
 * @returns {Uint8Array | null} a question; null where nothing can have the name
 */
function encodeQuery(id, name, type) {
  const labels = encodeName(name);
  if (labels === null) return null;
  const numbers = [id, RECURSION_DESIRED, 1, 0, 0, 0].flatMap((number) => [number >> 8, number & 255]);
  return new Uint8Array([...numbers, ...labels, type >> 8, type & 255, 0, CLASS_IN]);
}

/** Reads from a message, and from one record of it. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.offset = 0;
    this.end = bytes.length;
  }

  take(count) {
    const start = this.offset;
    if (start + count > this.end) throw new BadMessage();
    this.offset += count;
    return this.bytes.subarray(start, this.offset);
  }

  byte() {
    return this.take(1)[0];
  }

  short() {
    const [high, low] = this.take(2);
    return high << 8 | low;
  }

  /** With a sign. */
  long() {
    return this.short() << 16 | this.short();
  }

  name() {
    const read = decodeName(this.bytes, this.offset);
    if (read === null || read.next > this.end) throw new BadMessage();
    this.offset = read.next;
    return read.name;
  }

  /** A string with its length before it. */
  string() {
    return this.text(this.byte());
  }

  /** The same of printable characters alone. */
  printable() {
    const text = this.string();
    if (/[^ -~]/.test(text)) throw new BadMessage();
    return text;
  }

  text(length) {
    const bytes = this.take(length);
    return require('buffer').Buffer.prototype.latin1Slice.call(bytes, 0, length);
  }

  /** How much of the record is left. */
  get left() {
    return this.end - this.offset;
  }
}

/** At least one byte. */
function rest(reader) {
  if (reader.left === 0) throw new BadMessage();
  return reader.left;
}

/** What the data of a record of each type is. */
const readers = {
  [TYPES.A]: (reader) => toText(reader.take(4)),
  [TYPES.AAAA]: (reader) => toText(reader.take(16)),
  [TYPES.NS]: (reader) => reader.name(),
  [TYPES.CNAME]: (reader) => reader.name(),
  [TYPES.PTR]: (reader) => reader.name(),
  [TYPES.SOA]: (reader) => ({
    nsname: reader.name(),
    hostmaster: reader.name(),
    serial: reader.long() >>> 0,
    refresh: reader.long(),
    retry: reader.long(),
    expire: reader.long(),
    minttl: reader.long() >>> 0,
  }),
  [TYPES.HINFO]: (reader) => [reader.printable(), reader.printable()],
  [TYPES.MX]: (reader) => {
    const priority = reader.short();
    return { exchange: reader.name(), priority };
  },
  [TYPES.TXT]: (reader) => {
    rest(reader);
    const entries = [];
    while (reader.left > 0) entries.push(reader.string());
    return entries;
  },
  [TYPES.SRV]: (reader) => {
    const [priority, weight, port] = [reader.short(), reader.short(), reader.short()];
    return { name: reader.name(), port, priority, weight };
  },
  [TYPES.NAPTR]: (reader) => {
    const [order, preference] = [reader.short(), reader.short()];
    const [flags, service, regexp] = [reader.printable(), reader.printable(), reader.printable()];
    return { flags, service, regexp, replacement: reader.name(), order, preference };
  },
  [TYPES.TLSA]: (reader) => {
    const [certUsage, selector, match] = reader.take(3);
    const data = new Uint8Array(reader.take(rest(reader))).buffer;
    return { certUsage, selector, match, data };
  },
  [TYPES.CAA]: (reader) => {
    const critical = reader.byte();
    const tag = reader.printable();
    if (tag === '') throw new BadMessage();
    return { critical, tag, value: reader.text(rest(reader)) };
  },
};

function readRecord(reader) {
  const name = reader.name();
  const [type, recordClass] = [reader.short(), reader.short()];
  const ttl = reader.long() >>> 0;
  const length = reader.short();
  const end = reader.offset + length;
  if (end > reader.end) throw new BadMessage();
  const { end: whole } = reader;
  reader.end = end;
  let data;
  if (readers[type] !== undefined) {
    if (!CLASSES.includes(recordClass)) throw new BadMessage();
    data = readers[type](reader);
  }
  reader.end = whole;
  reader.offset = end;
  return { name, type, inInternet: recordClass === CLASS_IN, ttl, data };
}

/**
 * @param {Uint8Array} bytes
 * @returns {{ id: number, truncated: boolean, rcode: number, question: { name: string, type: number,
 *   recordClass: number }, answers: { name: string, type: number, inInternet: boolean, ttl: number,
 *   data: any }[] } | null} null where it is no message
 */
function decode(bytes) {
  try {
    return decodeWhole(new Reader(bytes));
  } catch (error) {
    if (error instanceof BadMessage) return null;
    throw error;
  }
}

function decodeWhole(reader) {
  if (reader.end < HEADER) throw new BadMessage();
  const [id, flags, questions, answers, authorities, additional] = Array.from({ length: 6 }, () => reader.short());
  if (questions !== 1) throw new BadMessage();
  const question = { name: reader.name(), type: reader.short(), recordClass: reader.short() };
  const message = { id, truncated: (flags & TRUNCATED) !== 0, rcode: flags & 15, question, answers: [] };
  for (let count = 0; count < answers; count++) message.answers.push(readRecord(reader));
  for (let count = 0; count < authorities + additional; count++) readRecord(reader);
  return message;
}

/** Whether a message answers a question, whatever the case of its letters. */
function answersQuestion({ question }, query) {
  return question.type === query.type && question.recordClass === CLASS_IN &&
    question.name.toLowerCase() === query.decodedName;
}

/** @returns {string} the name of a question as `answersQuestion` compares it */
function questionName(bytes) {
  return decodeName(bytes, HEADER).name.toLowerCase();
}

module.exports = { TYPES, answersQuestion, decode, encodeQuery, questionName };
