// Node's `inspector/promises`: sessions whose answers are promises.
'use strict';

const inspector = require('inspector');
const { promisify } = require('util');

const post = promisify(inspector.Session.prototype.post);

/** A session with the inspector of this thread. */
class Session extends inspector.Session {
  /**
   * @param {string} method of Chrome's DevTools protocol
   * @param {object} [params]
   * @returns {Promise<object>} the answer
   */
  post(method, params) {
    return post.call(this, method, params);
  }
}

module.exports = { ...inspector, Session };
