// yargs: commands, types, demanded options, help, completion of configuration.
'use strict';
const yargs = require('yargs');

async function main() {
  for (const line of ['serve --port 80 -vv', 'serve', 'build a b --tag x --tag y --no-cache', '--help', 'serve --help', 'srve', 'serve --port many', '--version']) {
    await new Promise((resolve) => {
      const it = (yargs.default ?? yargs)(line.split(' ')).scriptName('tool').version('3.0.0').wrap(80).locale('en').exitProcess(false).strict().recommendCommands();
      it.command('serve', 'starts it', (y) => y.option('port', { type: 'number', demandOption: true, describe: 'where' }).count('v').check((argv) => !Number.isNaN(argv.port) || 'port is no number'),
        (argv) => console.log('serving', argv.port, argv.v));
      it.command('build <files..>', 'builds', (y) => y.option('tag', { array: true }).option('cache', { type: 'boolean', default: true }),
        (argv) => console.log('building', argv.files, argv.tag, argv.cache));
      it.demandCommand(1);
      it.parse(line.split(' '), {}, (error, argv, output) => { console.log(`[${line}]`, error?.message ?? 'fine', output); resolve(); });
    });
  }
}
main();
