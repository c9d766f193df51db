// What the tab key completes in the REPL: commands, names, members, modules and files.
'use strict';

const { evaluateWithoutSideEffects, lexicalNames } = require('internal/repl/inspection');

const command = /^\s*\.(\w*)$/;
const specifierCall = /\b(?:require|import)\s*\(\s*['"`](((?:[\w@./:-]+\/)?)(?:[\w@./:-]*))(?![^'"`])$/;
const memberChain = new RegExp(
  String.raw`(?:(?:[\p{ID_Start}$_][\p{ID_Continue}$]*|\)|'[^']*'|"[^"]*"|\d+\.)` +
  String.raw`(?:\[(?:\d+|'[^']*'|"[^"]*")\])*\??\.)*` +
  String.raw`(?:[\p{ID_Start}$_][\p{ID_Continue}$]*)?$`, 'u');
const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const TIMEOUT = 333;

const KEYWORDS = [
  'async', 'await', 'break', 'case', 'catch', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else',
  'export', 'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'let', 'new',
  'null', 'return', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield',
];

/** Names of properties that can be written behind a dot. */
function propertyNames(object) {
  return Object.getOwnPropertyNames(object).filter((name) => identifier.test(name));
}

/** The members of an object and of its prototypes, one group each, the farthest first. */
function memberGroups(value) {
  const groups = [];
  let object = Object(value);
  for (let depth = 0; object !== null && depth < 6; depth++) {
    const isPlainPrototype = typeof value === 'object' && object === Object.prototype;
    groups.push(propertyNames(object));
    if (isPlainPrototype) break;
    object = Object.getPrototypeOf(object);
  }
  return groups;
}

function globalGroups(repl) {
  const groups = [];
  groups.push(lexicalNames(repl.useGlobal ? undefined : repl.context));
  for (let object = repl.context; object !== null; object = Object.getPrototypeOf(object)) {
    groups.push(propertyNames(object));
  }
  groups.push(KEYWORDS);
  return groups;
}

/** Modules, and files where the text is a path. */
function specifierGroups(repl, text, folder) {
  const fs = require('fs');
  const path = require('path');
  const groups = [];
  const isPath = /^\.{0,2}\//.test(text) || text === '.' || text === '..';
  const paths = repl.context.module?.paths ?? [];
  const folders = isPath ? [path.resolve(folder)] : paths.map((one) => path.join(one, folder));
  const found = new Set();
  for (const one of folders) {
    let entries = [];
    try {
      entries = fs.readdirSync(one, { withFileTypes: true });
    } catch {
      continue;
    }
    const extensions = Object.keys(repl.context.require?.extensions ?? { '.js': 0, '.json': 0, '.node': 0 });
    for (const entry of entries) {
      const extension = path.extname(entry.name);
      if (entry.isDirectory()) found.add(`${folder}${entry.name}${isPath ? '/' : ''}`);
      else if (extensions.includes(extension)) found.add(folder + path.basename(entry.name, extension));
    }
  }
  if (found.size > 0) groups.push([...found]);
  if (!isPath) {
    const { builtinModules } = require('internal/modules/builtins');
    const ids = builtinModules().filter((id) => !id.startsWith('_'));
    groups.push(ids, ids.filter((id) => !id.startsWith('node:')).map((id) => `node:${id}`));
  }
  return groups;
}

function select(groups, prefix, before = '') {
  const completions = [];
  const known = new Set(['']);
  for (const group of groups) {
    const names = group.filter((name) => name.startsWith(prefix)).sort((a, b) => (a < b ? -1 : 1));
    const fresh = [];
    for (const name of names) {
      if (known.has(name)) continue;
      known.add(name);
      fresh.push(before + name);
    }
    if (fresh.length > 0) completions.unshift(...fresh, ...(completions.length > 0 ? [''] : []));
  }
  return completions;
}

/**
 * @param {REPLServer} repl
 * @param {string} line  up to the cursor
 * @returns {[completions: string[], completeOn: string | undefined]}
 */
function complete(repl, line) {
  const commandMatch = command.exec(line);
  if (commandMatch !== null && repl.commands !== undefined) {
    const names = Object.keys(repl.commands).filter((name) => name.startsWith(commandMatch[1]));
    return [names.map((name) => `.${name}`), `.${commandMatch[1]}`];
  }
  const specifier = specifierCall.exec(line);
  if (specifier !== null) {
    return [select(specifierGroups(repl, specifier[1], specifier[2]), specifier[1]), specifier[1]];
  }
  const match = memberChain.exec(line);
  const text = match?.[0] ?? '';
  if (text === '' && line.length > 0 && !/[{}()[\]\s,;:=+\-*/%&|^!?<>~]$/.test(line)) return [[], undefined];
  const dot = text.lastIndexOf('.');
  if (dot === -1) return [select(globalGroups(repl), text), text];
  const isOptional = text[dot - 1] === '?';
  const expression = text.slice(0, isOptional ? dot - 1 : dot);
  const outcome = evaluateWithoutSideEffects(repl.useGlobal ? undefined : repl.context, expression, TIMEOUT);
  if (outcome === undefined || outcome.failed || outcome.value === undefined || outcome.value === null) {
    return [[], text];
  }
  return [select(memberGroups(outcome.value), text.slice(dot + 1), text.slice(0, dot + 1)), text];
}

module.exports = { complete };
