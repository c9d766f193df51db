// Who follows the requests of `fetch` and WebSockets: nobody, unless a session of the inspector hears of the network.
'use strict';

module.exports = {
  /** @type {((exchange: object) => object) | undefined} gives what is to be sent in the place of an exchange */
  fetch: undefined,

  /** @type {((url: URL) => { onResponse(response: object): void, onClose(): void }) | undefined} */
  webSocket: undefined,

  /** Whether the request of `http` that is being made is part of something that is followed as a whole. */
  isPart: false,
};
