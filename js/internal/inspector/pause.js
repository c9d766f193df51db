// Whether a debugger is to hold the main program at its first statement.
'use strict';

const pause = {
  /** Asked where the main program begins. */
  isDue: false,

  /** To be called right before the program: the next function that is called is held. */
  now() {
    pause.isDue = false;
    internalBinding('inspector').pauseOnNextStatement();
  },
};

module.exports = pause;
