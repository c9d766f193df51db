// The values of command line options such as `--no-warnings`.
'use strict';

const binding = internalBinding('options');

/**
 * @param {string} name as on the command line, such as `--pending-deprecation`
 * @returns {unknown} undefined when there is no such option
 */
function getOptionValue(name) {
  return binding.get(name);
}

module.exports = { getOptionValue };
