// Colours of the line that is being entered.
'use strict';

const KEYWORDS = new Set([
  'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'extends',
  'finally', 'for', 'function', 'if', 'in', 'instanceof', 'new', 'return', 'super', 'switch', 'this',
  'throw', 'try', 'typeof', 'var', 'void', 'while', 'with',
]);
const MODULE_KEYWORDS = new Set(['import', 'export']);

// Comments, strings, the text of templates, numbers, regular expressions behind what no value ends, and words.
const token = new RegExp([
  String.raw`(?<comment>\/\/[^\n]*|\/\*[^]*?\*\/)`,
  String.raw`(?<string>'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*")`,
  '(?<tick>`)',
  String.raw`(?<number>(?<![\w$])(?:0[xX][\da-fA-F_]+n?|0[oO][0-7_]+n?|0[bB][01_]+n?|` +
    String.raw`(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?))`,
  String.raw`(?<word>[\p{ID_Start}$_#][\p{ID_Continue}$]*)`,
].join('|'), 'gu');

const paint = (open, close, text) => `\x1b[${open}m${text}\x1b[${close}m`;

function paintWord(word) {
  if (KEYWORDS.has(word)) return paint(36, 39, word);
  if (MODULE_KEYWORDS.has(word)) return paint(4, 24, word);
  switch (word) {
    case 'true':
    case 'false':
    case 'NaN':
    case 'Infinity':
      return paint(33, 39, word);
    case 'null':
      return paint(1, 22, word);
    case 'undefined':
      return paint(90, 39, word);
    case 'Symbol':
      return paint(32, 39, word);
    default:
      return word;
  }
}

/** The end of a template's text: a backtick or `${`. */
function paintTemplate(code, start) {
  let result = paint(32, 39, '`');
  let textStart = start + 1;
  for (let i = textStart; i < code.length; i++) {
    const isEnd = code[i] === '`';
    if (code[i] === '\\') {
      i++;
    } else if (isEnd || code.startsWith('${', i)) {
      if (i > textStart) result += paint(32, 39, code.slice(textStart, i));
      if (isEnd) return { text: result + paint(32, 39, '`'), end: i + 1 };
      const close = findClosingBrace(code, i + 2);
      if (close === -1) return undefined;
      result += `\${${highlight(code.slice(i + 2, close))}}`;
      i = close;
      textStart = close + 1;
    }
  }
  return undefined;
}

function findClosingBrace(code, start) {
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    if (code[i] === '{') depth++;
    else if (code[i] === '}' && depth-- === 0) return i;
  }
  return -1;
}

/**
 * @param {string} code
 * @returns {string} the same with escape sequences for colours
 */
function highlight(code) {
  let result = '';
  let end = 0;
  const pattern = new RegExp(token.source, token.flags);
  for (let match = pattern.exec(code); match !== null; match = pattern.exec(code)) {
    result += code.slice(end, match.index);
    const { comment, string, tick, number, word } = match.groups;
    end = pattern.lastIndex;
    if (comment !== undefined) {
      result += paint(90, 39, comment);
    } else if (string !== undefined) {
      result += paint(32, 39, string);
    } else if (number !== undefined) {
      result += paint(33, 39, number);
    } else if (word !== undefined) {
      result += code[match.index - 1] === '.' && code[match.index - 2] !== '.' ? word : paintWord(word);
    } else if (tick !== undefined) {
      const template = paintTemplate(code, match.index);
      if (template === undefined) return result + code.slice(match.index);
      result += template.text;
      end = template.end;
      pattern.lastIndex = end;
    }
  }
  return result + code.slice(end);
}

module.exports = { highlight };
