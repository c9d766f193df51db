// The reporter `junit`: results as XML.
'use strict';

const { hostname } = require('os');
const { kinds } = require('internal/test/failure');
const { show } = require('internal/test/reporters/format');

const SECONDS = 1000;

/** Writes one document of all suites and tests when the run has ended. */
async function* junit(source) {
  yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n';
  const roots = [];
  let current = null;
  for await (const { type, data } of source) {
    switch (type) {
      case 'test:start':
        current = begin(roots, current, data);
        break;
      case 'test:pass':
      case 'test:fail':
        current ??= begin(roots, null, data);
        if (current.name !== data.name || current.nesting !== data.nesting) current = begin(roots, current, data);
        complete(current, data);
        current = current.parent;
        break;
      case 'test:log':
      case 'test:diagnostic': {
        const list = current === null ? roots : current.children;
        list.push({ __proto__: null, nesting: data.nesting, comment: data.message });
        break;
      }
      default:
    }
  }
  for (const node of roots) yield toXml(node);
  yield '</testsuites>\n';
}

function begin(roots, current, { name, nesting }) {
  const parent = current !== null && nesting <= current.nesting ? current.parent : current;
  const node = {
    __proto__: null, name, nesting, parent, attributes: { name }, children: [], isSuite: false, startedAt: Date.now(),
  };
  (parent?.children ?? roots).push(node);
  return node;
}

function complete(node, data) {
  const { attributes, children } = node;
  attributes.time = (data.details.duration_ms / SECONDS).toFixed(6);
  const tests = children.filter((child) => child.comment === undefined);
  node.isSuite = tests.length > 0;
  if (node.isSuite) {
    attributes.disabled = 0;
    attributes.errors = 0;
    attributes.tests = tests.length;
    attributes.failures = tests.filter(hasFailed).length;
    attributes.skipped = tests.filter(isSkipped).length;
    attributes.timestamp = new Date(node.startedAt).toISOString();
    attributes.hostname = hostname();
    return;
  }
  attributes.classname = data.classname ?? 'test';
  if (data.file !== undefined) attributes.file = data.file;
  if (data.skip !== undefined) children.push(mark(node, 'skipped', data.skip));
  if (data.todo !== undefined) children.push(mark(node, 'todo', data.todo));
  const error = data.details.error;
  if (error === undefined || error.failureType === kinds.subtests) return;
  const message = error.message ?? '';
  children.push({
    __proto__: null,
    nesting: node.nesting + 1,
    tag: 'failure',
    attributes: { type: error.failureType || error.code, message: message.trim() },
    children: [show(error, { colors: false, breakLength: Infinity })],
  });
  attributes.failure = message;
}

function hasFailed(node) {
  return node.attributes?.failure !== undefined || node.attributes?.failures > 0;
}

function isSkipped(node) {
  return node.children.some((child) => child.tag === 'skipped') || node.attributes.skipped > 0;
}

function mark(node, type, message) {
  return {
    __proto__: null, nesting: node.nesting + 1, tag: 'skipped', attributes: { type, message }, children: [],
  };
}

function toXml(node) {
  if (typeof node === 'string') return `${escapeText(node)}\n`;
  const indent = '\t'.repeat(node.nesting + 1);
  if (node.comment !== undefined) return `${indent}<!-- ${escapeComment(node.comment)} -->\n`;
  const tag = node.tag ?? (node.isSuite ? 'testsuite' : 'testcase');
  const attributes = Object.entries(node.attributes).map(([key, value]) => `${key}="${escapeAttribute(String(value))}"`);
  const head = `${indent}<${tag} ${attributes.join(' ')}`;
  if (node.children.length === 0) return `${head}/>\n`;
  return `${head}>\n${node.children.map(toXml).join('')}${indent}</${tag}>\n`;
}

function escapeAttribute(text) {
  return escapeText(text.replaceAll('\n', '&#10;')).replaceAll('"', '&quot;');
}

function escapeText(text) {
  return text.replace(/&(?!#\d+;)/g, '&amp;').replaceAll('<', '&lt;');
}

function escapeComment(text) {
  return String(text).replaceAll('--', '&#45;&#45;');
}

module.exports = { junit };
