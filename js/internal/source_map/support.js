// Whether stacks are told in the terms of the sources: all that loading a file asks while they are not.
'use strict';

module.exports = {
  support: { __proto__: null, enabled: false, nodeModules: false, generatedCode: false },
  /** Whether maps are kept of what is loaded: for stacks, or to be written with the coverage. */
  kept: { maps: false, forCoverage: false },
};
