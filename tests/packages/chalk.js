// chalk: styles, nesting, levels, templates of other modules' streams.
'use strict';
const { Chalk, supportsColor, default: chalk } = require('chalk');

for (const level of [0, 1, 2, 3]) {
  const it = new Chalk({ level });
  console.log(JSON.stringify([it.red('a'), it.bold.underline('b', it.green('c'), 'd'), it.rgb(10, 200, 30)('e'), it.bgHex('#ff8800').black('f\ng'), it.visible('h')]));
}
console.log(supportsColor, chalk.level);
