// Turns the bytes of a terminal into `keypress` events.
'use strict';

const { StringDecoder } = require('string_decoder');

const kKeypressDecoder = Symbol('keypress-decoder');
const kEscapeDecoder = Symbol('escape-decoder');

const ESCAPE = '\x1b';
const ESCAPE_CODE_TIMEOUT = 500;

const SHIFT = 1;
const META = 2 | 8;
const CTRL = 4;

/** Names of the keys by what follows the escape character, without parameters. */
const keyNames = new Map([
  // xterm and gnome: ESC O letter, ESC [ letter
  ['OP', 'f1'], ['OQ', 'f2'], ['OR', 'f3'], ['OS', 'f4'],
  ['[P', 'f1'], ['[Q', 'f2'], ['[R', 'f3'], ['[S', 'f4'],
  ['[A', 'up'], ['[B', 'down'], ['[C', 'right'], ['[D', 'left'], ['[E', 'clear'], ['[F', 'end'],
  ['[H', 'home'],
  ['OA', 'up'], ['OB', 'down'], ['OC', 'right'], ['OD', 'left'], ['OE', 'clear'], ['OF', 'end'],
  ['OH', 'home'],
  // xterm and rxvt: ESC [ number ~
  ['[11~', 'f1'], ['[12~', 'f2'], ['[13~', 'f3'], ['[14~', 'f4'], ['[15~', 'f5'], ['[17~', 'f6'],
  ['[18~', 'f7'], ['[19~', 'f8'], ['[20~', 'f9'], ['[21~', 'f10'], ['[23~', 'f11'], ['[24~', 'f12'],
  ['[1~', 'home'], ['[2~', 'insert'], ['[3~', 'delete'], ['[4~', 'end'], ['[5~', 'pageup'],
  ['[6~', 'pagedown'],
  ['[7~', 'home'], ['[8~', 'end'],
  // Linux console and Cygwin
  ['[[A', 'f1'], ['[[B', 'f2'], ['[[C', 'f3'], ['[[D', 'f4'], ['[[E', 'f5'],
  // putty
  ['[[5~', 'pageup'], ['[[6~', 'pagedown'],
  // bracketed paste
  ['[200~', 'paste-start'], ['[201~', 'paste-end'],
]);

/** Keys of rxvt whose last character says that shift was held. */
const shiftedNames = new Map([
  ['[a', 'up'], ['[b', 'down'], ['[c', 'right'], ['[d', 'left'], ['[e', 'clear'],
  ['[2$', 'insert'], ['[3$', 'delete'], ['[5$', 'pageup'], ['[6$', 'pagedown'], ['[7$', 'home'],
  ['[8$', 'end'],
  ['[Z', 'tab'],
]);

/** Keys of rxvt whose last character says that control was held. */
const controlledNames = new Map([
  ['Oa', 'up'], ['Ob', 'down'], ['Oc', 'right'], ['Od', 'left'], ['Oe', 'clear'],
  ['[2^', 'insert'], ['[3^', 'delete'], ['[5^', 'pageup'], ['[6^', 'pagedown'], ['[7^', 'home'],
  ['[8^', 'end'],
]);

/** `number ~`, with a modifier behind a semicolon, and the long numbers of bracketed paste. */
const numberedCommand = /^(?:(\d\d?)(?:;(\d))?([~^$])|(\d{3}~))$/;
/** A letter, with a modifier before it. */
const letterCommand = /^(?:(?:\d;)?(\d))?([A-Za-z])$/;

// What the decoder expects next.
const GROUND = 0;
const AFTER_ESCAPE = 1;
const AFTER_TWO_ESCAPES = 2;
const AFTER_O = 3;
const AFTER_O_MODIFIER = 4;
const AFTER_BRACKET = 5;
const IN_NUMBER = 6;
const AFTER_SEMICOLON = 7;
const LAST = 8;

function isDigit(character) {
  return character >= '0' && character <= '9';
}

/** Recognises keys, character by character, and emits them on a stream. */
class KeyDecoder {
  #stream;
  #state = GROUND;
  #sequence = '';
  #code = '';
  #modifier = 0;
  #digits = 0;
  /** Where in the sequence its command begins. */
  #commandStart = 0;

  constructor(stream) {
    this.#stream = stream;
  }

  /** @param {string} character  a code point; empty where the time for the rest of a sequence is over */
  write(character) {
    this.#sequence += character;
    switch (this.#state) {
      case GROUND:
        if (character === ESCAPE) this.#state = AFTER_ESCAPE;
        else this.#finishCharacter(character, false);
        return;
      case AFTER_ESCAPE:
        if (character === ESCAPE) this.#state = AFTER_TWO_ESCAPES;
        else this.#afterEscape(character);
        return;
      case AFTER_TWO_ESCAPES:
        this.#afterEscape(character);
        return;
      case AFTER_O:
        if (isDigit(character)) {
          this.#modifier = character - 1;
          this.#state = AFTER_O_MODIFIER;
          return;
        }
        // Falls through: this is the letter.
      case AFTER_O_MODIFIER:
        this.#finishCode(this.#code + character);
        return;
      case AFTER_BRACKET:
        if (character === '[') {
          this.#code = '[[';
          this.#commandStart = this.#sequence.length;
          this.#state = IN_NUMBER;
          return;
        }
        // Falls through: a command begins.
      case IN_NUMBER:
        if (this.#digits < 3 && isDigit(character)) {
          this.#digits++;
          this.#state = IN_NUMBER;
        } else if (character === ';') {
          this.#state = AFTER_SEMICOLON;
        } else {
          this.#finishCommand();
        }
        return;
      case AFTER_SEMICOLON:
        if (isDigit(character)) this.#state = LAST;
        else this.#finishCommand();
        return;
      case LAST:
        this.#finishCommand();
    }
  }

  #afterEscape(character) {
    if (character !== 'O' && character !== '[') {
      this.#finishCharacter(character, true);
      return;
    }
    this.#code = character;
    this.#modifier = 0;
    this.#digits = 0;
    this.#commandStart = this.#sequence.length;
    this.#state = character === 'O' ? AFTER_O : AFTER_BRACKET;
  }

  /** Ends a sequence that began with `ESC [`. */
  #finishCommand() {
    const command = this.#sequence.slice(this.#commandStart);
    let match = numberedCommand.exec(command);
    if (match !== null) {
      if (match[4] !== undefined) {
        this.#code += match[4];
      } else {
        this.#code += match[1] + match[3];
        this.#modifier = (match[2] ?? 1) - 1;
      }
    } else if ((match = letterCommand.exec(command)) !== null) {
      this.#code += match[2];
      this.#modifier = (match[1] ?? 1) - 1;
    } else {
      this.#code += command;
    }
    this.#finishCode(this.#code);
  }

  #finishCode(code) {
    const modifier = this.#modifier;
    const key = {
      sequence: this.#sequence,
      name: 'undefined',
      ctrl: (modifier & CTRL) !== 0,
      meta: (modifier & META) !== 0,
      shift: (modifier & SHIFT) !== 0,
      code,
    };
    let name = keyNames.get(code);
    if (name === undefined) {
      if ((name = shiftedNames.get(code)) !== undefined) key.shift = true;
      else if ((name = controlledNames.get(code)) !== undefined) key.ctrl = true;
    }
    if (name !== undefined) key.name = name;
    this.#emit(undefined, key);
  }

  /** Ends with a character that is no part of a longer sequence. */
  #finishCharacter(character, escaped) {
    const key = { sequence: this.#sequence, name: undefined, ctrl: false, meta: false, shift: false };
    if (character === '\r') {
      key.name = 'return';
      key.meta = escaped;
    } else if (character === '\n') {
      key.name = 'enter';
      key.meta = escaped;
    } else if (character === '\t') {
      key.name = 'tab';
      key.meta = escaped;
    } else if (character === '\b' || character === '\x7f') {
      key.name = 'backspace';
      key.meta = escaped;
    } else if (character === ESCAPE) {
      key.name = 'escape';
      key.meta = escaped;
    } else if (character === ' ') {
      key.name = 'space';
      key.meta = escaped;
    } else if (!escaped && character !== '' && character <= '\x1a') {
      key.name = String.fromCharCode(character.charCodeAt(0) + 96);
      key.ctrl = true;
    } else if (/^[0-9A-Za-z]$/.test(character)) {
      key.name = character.toLowerCase();
      key.shift = character >= 'A' && character <= 'Z';
      key.meta = escaped;
    } else if (escaped) {
      key.name = character === '' ? 'escape' : undefined;
      key.meta = true;
    }
    this.#emit(escaped ? undefined : character, key);
  }

  #emit(text, key) {
    this.#state = GROUND;
    this.#sequence = '';
    if (key.sequence !== '') this.#stream.emit('keypress', text, key);
  }
}

/**
 * Has `stream` emit `keypress` for the input it receives, as long as somebody listens.
 * @param {Readable} stream
 * @param {Interface} [iface]  whose `escapeCodeTimeout` counts, and who learns how the input arrived
 */
function emitKeypressEvents(stream, iface = {}) {
  if (stream[kKeypressDecoder]) return;
  stream[kKeypressDecoder] = new StringDecoder('utf8');
  stream[kEscapeDecoder] = new KeyDecoder(stream);
  const { kSawKeyPress } = require('internal/readline/symbols');
  let timer;

  const endEscape = () => stream[kEscapeDecoder].write('');

  function onData(input) {
    if (stream.listenerCount('keypress') === 0) {
      // Nobody listens any more.
      stream.removeListener('data', onData);
      stream.on('newListener', onNewListener);
      return;
    }
    const text = stream[kKeypressDecoder].write(input);
    if (text === '') return;
    clearTimeout(timer);
    iface[kSawKeyPress] = text.length === (text.codePointAt(0) >= 0x10000 ? 2 : 1);
    iface.isCompletionEnabled = false;
    let done = 0;
    for (const character of text) {
      done += character.length;
      // What arrives in one piece was pasted: only its last tab completes.
      if (done === text.length) iface.isCompletionEnabled = true;
      stream[kEscapeDecoder].write(character);
      if (done === text.length && character === ESCAPE) {
        timer = setTimeout(endEscape, iface.escapeCodeTimeout ?? ESCAPE_CODE_TIMEOUT);
      }
    }
  }

  function onNewListener(event) {
    if (event !== 'keypress') return;
    stream.on('data', onData);
    stream.removeListener('newListener', onNewListener);
  }

  if (stream.listenerCount('keypress') > 0) stream.on('data', onData);
  else stream.on('newListener', onNewListener);
}

module.exports = { emitKeypressEvents };
