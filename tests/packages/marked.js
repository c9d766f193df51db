// marked: tables, lists, code, own renderers, tokens, asynchronous extensions.
'use strict';
const { marked, Lexer, Marked } = require('marked');

const text = '# Title *x*\n\n1. one\n   - [x] done\n   - [ ] open\n2. two\n\n| a | b |\n|:--|--:|\n| 1 | `2` |\n\n> quote\n> > deeper\n\n```js\nconst a = 1 < 2;\n```\n\n<div>raw</div>\n\n[link](https://example.org "t") ![img](a.png) ~~gone~~ https://auto.example\n';
console.log(marked.parse(text));
console.log(Lexer.lex('- a\n- **b**').map((it) => [it.type, it.items?.length]));
const own = new Marked({ async: true, renderer: { heading({ tokens, depth }) { return `<h${depth + 1}>${this.parser.parseInline(tokens)}</h${depth + 1}>\n`; } },
  walkTokens: async (token) => { if (token.type === 'link') token.href = await Promise.resolve(`/out?${token.href}`); } });
own.parse('# up\n[x](y)').then(console.log);
