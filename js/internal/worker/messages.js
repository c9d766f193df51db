// The kinds of messages between a worker and the thread that has started it, on their own channel.
'use strict';

module.exports = {
  types: {
    /** From the worker: its program is about to begin. */
    ONLINE: 0,
    /** Either way: `{ stream, chunks }`, text and bytes of a standard stream; a null chunk ends it. */
    OUTPUT: 1,
    /** Either way: `{ stream }` can take more. */
    WANTS_MORE: 2,
    /** From the worker: `{ error }`, see `internal/worker/error_codec`. */
    ERROR: 3,
    /** From the worker: its error cannot be sent. */
    UNSERIALIZABLE: 4,
    /** To the worker: `{ id, name, argument }`, see `internal/worker/profiles`. */
    QUESTION: 5,
    /** From the worker: `{ id, answer, failure }`. */
    ANSWER: 6,
  },
};
