// The commands of the REPL that begin with a dot. Each is called on the server.
'use strict';

/** @param {REPLServer} repl */
function defineCommands(repl) {
  repl.defineCommand('break', {
    help: 'Sometimes you get stuck, this gets you out',
    action() {
      this.clearBufferedCommand();
      this.displayPrompt();
    },
  });

  repl.defineCommand('clear', {
    help: repl.useGlobal ? 'Alias for .break' : 'Break, and also clear the local context',
    action() {
      this.clearBufferedCommand();
      if (!this.useGlobal) {
        this.output.write('Clearing context...\n');
        this.resetContext();
      }
      this.displayPrompt();
    },
  });

  repl.defineCommand('exit', {
    help: 'Exit the REPL',
    action() {
      this.close();
    },
  });

  repl.defineCommand('help', {
    help: 'Print this help message',
    action() {
      const names = Object.keys(this.commands).sort();
      const width = names.reduce((max, name) => Math.max(max, name.length), 0) + 3;
      for (const name of names) {
        const { help } = this.commands[name];
        this.output.write(`.${name}${help ? ' '.repeat(width - name.length) + help : ''}\n`);
      }
      this.output.write('\nPress Ctrl+C to abort current expression, Ctrl+D to exit the REPL\n');
      this.displayPrompt();
    },
  });

  repl.defineCommand('save', {
    help: 'Save all evaluated commands in this REPL session to a file',
    action: save,
  });

  repl.defineCommand('load', {
    help: 'Load JS from a file into the REPL session',
    action: load,
  });

  if (repl.terminal) {
    repl.defineCommand('editor', {
      help: 'Enter editor mode',
      action() {
        this.enterEditorMode();
        this.output.write('// Entering editor mode (Ctrl+D to finish, Ctrl+C to cancel)\n');
      },
    });
  }
}

function save(file) {
  try {
    if (file === '') {
      this.output.write('The "file" argument must be specified\n');
    } else {
      require('fs').writeFileSync(file, this.lines.join('\n'));
      this.output.write(`Session saved to: ${file}\n`);
    }
  } catch {
    this.output.write(`Failed to save: ${file}\n`);
  }
  this.displayPrompt();
}

function load(file) {
  try {
    const fs = require('fs');
    if (file === '') {
      this.output.write('The "file" argument must be specified\n');
    } else if (fs.statSync(file).isFile()) {
      this.loadText(fs.readFileSync(file, 'utf8'));
    } else {
      this.output.write(`Failed to load: ${file} is not a valid file\n`);
    }
  } catch {
    this.output.write(`Failed to load: ${file}\n`);
  }
  this.displayPrompt();
}

module.exports = { defineCommands };
