// The reporter `spec`: a tree of results for people, and the failed tests again at the end.
'use strict';

const { Transform } = require('stream');
const colors = require('internal/util/colors');
const { kinds } = require('internal/test/failure');
const { formatCoverage } = require('internal/test/reporters/coverage_table');
const { formatPlace, formatResult, indentation, symbols, typeColors } = require('internal/test/reporters/format');

class SpecReporter extends Transform {
  // Tests that have begun, innermost first, whose lines are not written yet.
  #begun = [];
  #written = [];
  #failed = [];

  constructor() {
    super({ __proto__: null, writableObjectMode: true });
    colors.refresh();
  }

  _transform({ type, data }, _, callback) {
    callback(null, this.#write(type, data));
  }

  _flush(callback) {
    callback(null, this.#listFailed());
  }

  #write(type, data) {
    switch (type) {
      case 'test:start':
        this.#begun.unshift(data);
        return undefined;
      case 'test:fail':
        if (data.details?.error?.failureType !== kinds.subtests) this.#failed.push(data);
        return this.#result(type, data);
      case 'test:pass':
        return this.#result(type, data);
      case 'test:stderr':
      case 'test:stdout':
        return data.message;
      case 'test:log':
        return diagnosticLine(colors.blue, data);
      case 'test:diagnostic':
        return diagnosticLine(typeColors[data.level] ?? typeColors.info, data);
      case 'test:coverage':
        return formatCoverage(data.summary, symbols['test:coverage'], colors.blue);
      case 'test:summary':
        // The sums of a file: its failures are shown with the others of the run.
        return data.file === undefined ? this.#listFailed() : undefined;
      case 'test:watch:restarted':
        return `\nRestarted at ${new Date().toLocaleString()}\n`;
      case 'test:interrupted':
        return this.#interrupted(data.tests);
      default:
        return undefined;
    }
  }

  #result(type, data) {
    this.#begun.shift();
    let text = '';
    while (this.#begun.length > 0) {
      const parent = this.#begun.pop();
      this.#written.unshift(parent);
      text += `${indentation(parent.nesting)}${symbols['arrow:right']}${parent.name}\n`;
    }
    const open = this.#written[0];
    if (open !== undefined && open.nesting === data.nesting && open.name === data.name) this.#written.shift();
    return text + formatResult(type, data, { indent: indentation(data.nesting), withError: false });
  }

  #listFailed() {
    if (this.#failed.length === 0) return '';
    let text = `\n${typeColors['test:fail']}${symbols['test:fail']}failing tests:${colors.white}\n`;
    for (const data of this.#failed) text += `\n${formatPlace(data)}${formatResult('test:fail', data)}`;
    this.#failed = [];
    return text;
  }

  #interrupted(tests) {
    if (tests.length === 0) return '';
    let text = `\n${colors.yellow}Interrupted while running:${colors.white}\n`;
    for (const test of tests) {
      const place = test.file === undefined ? '' : ` ${formatPlace(test).slice('test '.length, -1)}`;
      text += `${indentation(test.nesting)}${symbols['warning:alert']}${test.name}${colors.gray}${place}${colors.white}\n`;
    }
    return text;
  }
}

function diagnosticLine(color, { nesting, message }) {
  return `${color}${indentation(nesting)}${symbols['test:diagnostic']}${message}${colors.white}\n`;
}

module.exports = { SpecReporter };
