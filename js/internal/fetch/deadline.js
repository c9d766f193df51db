// What is due when: a timer that is there already is kept where something becomes due later, since nearly nothing
// ever becomes due.
'use strict';

const { setUnrefTimeout } = require('internal/net/timeouts');
const { clearTimeout } = require('internal/timers');

const processBinding = internalBinding('process');

/** One thing that is done unless something else happens in time. */
class Deadline {
  #whenDue;
  #time = 0;
  #dueAt = 0;
  #timer;
  #timerAt = 0;

  /**
   * Has something done if nothing else becomes due within so many milliseconds.
   * @param {number} time
   * @param {() => void} whenDue
   */
  expect(time, whenDue) {
    this.#whenDue = whenDue;
    this.#time = time;
    this.#dueAt = processBinding.loopNow() + time;
    if (this.#timer === undefined) {
      this.#setTimer(time);
    } else if (this.#timerAt > this.#dueAt) {
      clearTimeout(this.#timer);
      this.#setTimer(time);
    }
  }

  /** The time of what is expected begins anew. */
  renew() {
    this.#dueAt = processBinding.loopNow() + this.#time;
  }

  /** Nothing is expected, for now. */
  pause() {
    this.#whenDue = undefined;
  }

  /** Nothing is expected any more. */
  end() {
    clearTimeout(this.#timer);
    this.#timer = this.#whenDue = undefined;
  }

  #setTimer(time) {
    this.#timerAt = processBinding.loopNow() + time;
    this.#timer = setUnrefTimeout(() => {
      this.#timer = undefined;
      if (this.#whenDue === undefined) return;
      const left = this.#dueAt - processBinding.loopNow();
      if (left > 0) this.#setTimer(left);
      else this.#whenDue();
    }, time);
  }
}

module.exports = { Deadline };
