// commander: options, subcommands, help, suggestions and errors.
'use strict';
const { Command, Option, InvalidArgumentError } = require('commander');

function program() {
  const it = new Command('tool').version('1.2.3').exitOverride();
  it.configureOutput({ writeOut: (text) => console.log('out:', text), writeErr: (text) => console.log('err:', text), getOutHelpWidth: () => 80 });
  it.option('-d, --debug', 'more output').addOption(new Option('-l, --level <name>', 'how much').choices(['low', 'high']).default('low').env('LEVEL'));
  it.option('--no-color');
  it.command('add <first> [rest...]').alias('a').description('adds numbers')
    .option('-b, --base <number>', 'base', (text) => { const n = parseInt(text, 10); if (Number.isNaN(n)) throw new InvalidArgumentError('no number'); return n; }, 10)
    .action((first, rest, options, command) => console.log('add', first, rest, options, command.optsWithGlobals()));
  return it;
}
for (const line of ['add 1 2 3 -b 2 -d', 'a 1 --level high', '--help', 'add --help', '--version', 'ad 1', 'add', 'add 1 --bas 2', 'add 1 -b x', '--level middle add 1', '--no-color add 5']) {
  try {
    program().parse(line.split(' '), { from: 'user' });
  } catch (error) {
    console.log(line, '->', error.code, error.exitCode, error.message);
  }
}
