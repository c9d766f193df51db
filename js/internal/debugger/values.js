// What the command-line debugger shows: values of the program, scopes, stacks and profiles.
'use strict';

const { inspect } = require('util');
const path = require('path');
const { fileURLToPath } = require('url');

const FUNCTION_NAME = /^(?:function\*? )?([^\s(]+)\(/;

/**
 * @param {string} url of a script
 * @returns {string} as it is shown: a file by its path, relative where it lies in the working directory
 */
function shownPath(url) {
  let name = url;
  if (url.startsWith('file://')) {
    try {
      name = fileURLToPath(url);
    } catch {
      return url;
    }
  }
  if (!path.isAbsolute(name)) return name;
  const relative = path.relative(process.cwd(), name);
  return relative.startsWith('..') || path.isAbsolute(relative) ? name : relative;
}

/** A property of a preview, as a text. */
function previewed({ type, subtype, value, valuePreview }) {
  if (valuePreview !== undefined) return preview(valuePreview);
  if (type === 'string') return inspect(value);
  if (type === 'object' && subtype === 'null') return 'null';
  return value ?? type;
}

/** An entry of a map or a set: without quotes, and what is nested only as far as the preview goes. */
function previewedEntry({ key, value }) {
  const text = previewedPart(value);
  return key === undefined ? text : `${previewedPart(key)} => ${text}`;
}

function previewedPart(part) {
  if (part.type !== 'object' || part.subtype === 'null') return part.description ?? String(part.value);
  if (part.properties.length === 0 && (part.overflow || part.subtype === 'map' || part.subtype === 'set')) {
    return part.description.endsWith('(0)') ? `${part.description} {}` : `${part.description} { ... }`;
  }
  return preview(part);
}

function preview({ subtype, description, properties, entries, overflow }) {
  const isCollection = subtype === 'map' || subtype === 'set';
  const parts = isCollection ?
    (entries ?? []).map(previewedEntry) :
    properties.map((property) => (subtype === 'array' ? previewed(property) : `${property.name}: ${previewed(property)}`));
  if (overflow) parts.push('...');
  const [open, close] = subtype === 'array' ? ['[', ']'] : ['{', '}'];
  const prefix = isCollection ? `${description} ` : '';
  if (parts.length === 0) return `${prefix}${open}${close}`;
  const line = parts.join(', ');
  const isLong = line.length > 60 || line.includes('\n');
  return `${prefix}${open} ${isLong ? parts.join(',\n  ') : line} ${close}`;
}

function shownFunction({ className, description }) {
  const name = FUNCTION_NAME.exec(description)?.[1];
  return name === undefined ? `[${className}]` : `[${className}: ${name}]`;
}

/** A value of the program, or a stand-in for it. */
class RemoteValue {
  /** @param {object} attributes the protocol's remote object */
  constructor(attributes) {
    Object.assign(this, attributes);
  }

  [inspect.custom](depth, options) {
    const { type, subtype, value, unserializableValue, description } = this;
    if (type === 'undefined') return 'undefined';
    if (type === 'number' || type === 'bigint') return unserializableValue ?? inspect(value, options);
    if (type === 'boolean' || type === 'string' || subtype === 'null') return inspect(value, options);
    if (type === 'symbol') return description;
    if (type === 'function') return shownFunction(this);
    if (subtype === 'date') return inspect(new Date(description), options);
    if (this.preview === undefined || subtype === 'error' || subtype === 'regexp' || subtype === 'promise') {
      return description;
    }
    return preview(this.preview);
  }
}

/** The names of a scope. */
class ScopeNames extends Array {
  static of(properties) {
    const names = new ScopeNames();
    for (const { name } of properties) names.push(name);
    return names;
  }

  [inspect.custom](depth, options) {
    return inspect([...this], options);
  }
}

/** Where the program is held. */
class Backtrace extends Array {
  [inspect.custom]() {
    const lines = this.map((frame, i) => {
      const { location: { lineNumber, columnNumber }, url, functionName } = frame;
      return `#${i} ${functionName || '(anonymous)'} ${shownPath(url)}:${lineNumber + 1}:${columnNumber}`;
    });
    return [...lines].join('\n');
  }
}

/** A profile of the processor's time. */
class Profile {
  /**
   * @param {object} data
   * @param {(text: string) => void} print
   */
  constructor(data, print) {
    this.data = data;
    Object.defineProperty(this, 'print', { value: print });
  }

  /** @param {string} [filename] */
  save(filename = 'node.cpuprofile') {
    const file = path.resolve(filename);
    require('fs').writeFileSync(file, JSON.stringify(this.data));
    this.print(`Saved profile to ${file}`);
  }

  [inspect.custom]() {
    return `[Profile ${this.data.endTime - this.data.startTime}\u03bcs]`;
  }
}

/** The lines around the one where the program is, or is to be, held. */
class Snippet {
  /**
   * @param {string[]} lines of the source
   * @param {number} current the line, counted from 0
   * @param {number} around how many lines on either side
   * @param {Set<number>} held the lines with breakpoints, counted from 0
   */
  constructor(lines, current, around, held) {
    const first = Math.max(0, current - around);
    const last = Math.min(lines.length, current + around + 1);
    const width = Math.max(2, String(last).length);
    this.lines = lines.slice(first, last).map((line, i) => {
      const number = first + i;
      const mark = number === current ? '>' : held.has(number) ? '*' : ' ';
      return `${mark}${String(number + 1).padStart(width)} ${line}`;
    });
  }

  [inspect.custom]() {
    return this.lines.join('\n');
  }
}

module.exports = { Backtrace, Profile, RemoteValue, ScopeNames, Snippet, shownPath };
