// How many colours a terminal shows, told by the environment: `getColorDepth` and `hasColors` of its streams.
'use strict';

const { validateInteger } = require('internal/validators');

// Bits of colour.
const COLORS_2 = 1;
const COLORS_16 = 4;
const COLORS_256 = 8;
const COLORS_16M = 24;

const terminals = new Map([
  ['console', COLORS_16],
  ['cons25', COLORS_16],
  ['cygwin', COLORS_16],
  ['dtterm', COLORS_16],
  ['eterm', COLORS_16],
  ['gnome', COLORS_16],
  ['hurd', COLORS_16],
  ['jfbterm', COLORS_16],
  ['konsole', COLORS_16],
  ['kterm', COLORS_16],
  ['mlterm', COLORS_16],
  ['mosh', COLORS_16M],
  ['putty', COLORS_16],
  ['rxvt-unicode-24bit', COLORS_16M],
  ['st', COLORS_16],
  ['terminator', COLORS_16M],
  ['xterm-kitty', COLORS_16M],
]);

const COLOR_TERMINAL = /ansi|color|linux|direct|^con\d*x\d|^rxvt|^screen|^xterm|^vt100|^vt220/;

const continuousIntegrations = new Map([
  ['APPVEYOR', COLORS_256],
  ['BUILDKITE', COLORS_256],
  ['CIRCLECI', COLORS_16M],
  ['DRONE', COLORS_256],
  ['GITEA_ACTIONS', COLORS_16M],
  ['GITHUB_ACTIONS', COLORS_16M],
  ['GITLAB_CI', COLORS_256],
  ['TRAVIS', COLORS_256],
]);

// From version 9.1 on.
const TEAMCITY_WITH_COLORS = /^(9\.(0*[1-9]\d*)\.|\d{2,}\.)/;
const OLD_ITERM = /^[0-2]\./;

let warned = false;

function isSet(value) {
  return value !== undefined && value !== '';
}

/** Says once which variables FORCE_COLOR overrules. */
function warnOfIgnoredVariables(env) {
  if (warned) return;
  const ignored = [];
  if (isSet(env.NODE_DISABLE_COLORS)) ignored.push('\'NODE_DISABLE_COLORS\'');
  if (isSet(env.NO_COLOR)) ignored.push('\'NO_COLOR\'');
  if (ignored.length === 0) return;
  warned = true;
  process.emitWarning(
    `The ${ignored.join(' and ')} env is ignored due to the 'FORCE_COLOR' env being set.`, 'Warning');
}

function getForcedDepth(env) {
  switch (env.FORCE_COLOR) {
    case '':
    case '1':
    case 'true':
      warnOfIgnoredVariables(env);
      return COLORS_16;
    case '2':
      warnOfIgnoredVariables(env);
      return COLORS_256;
    case '3':
      warnOfIgnoredVariables(env);
      return COLORS_16M;
    default:
      return COLORS_2;
  }
}

function getContinuousIntegrationDepth(env) {
  for (const { 0: name, 1: depth } of continuousIntegrations) {
    if (name in env) return depth;
  }
  return env.CI_NAME === 'codeship' ? COLORS_256 : COLORS_2;
}

/** Windows tells by its version, from 10.0.10586 on. */
function getWindowsDepth() {
  const [major, , build] = require('os').release().split('.').map(Number);
  if (major >= 10 && build >= 14931) return COLORS_16M;
  return major >= 10 && build >= 10586 ? COLORS_256 : COLORS_16;
}

/** What the program that shows the terminal says of itself, or undefined. */
function getProgramDepth(env) {
  switch (env.TERM_PROGRAM) {
    case 'iTerm.app':
      return !env.TERM_PROGRAM_VERSION || OLD_ITERM.test(env.TERM_PROGRAM_VERSION) ? COLORS_256 : COLORS_16M;
    case 'HyperTerm':
    case 'MacTerm':
      return COLORS_16M;
    case 'Apple_Terminal':
      return COLORS_256;
    default:
      return undefined;
  }
}

/** What the type of the terminal implies, or undefined. */
function getTerminalDepth(term) {
  if (term.includes('truecolor')) return COLORS_16M;
  if (term.startsWith('xterm-256')) return COLORS_256;
  const name = term.toLowerCase();
  return terminals.get(name) ?? (COLOR_TERMINAL.test(name) ? COLORS_16 : undefined);
}

/**
 * Bits of colour that the environment promises: 1, 4, 8 or 24.
 * @param {object} [env] environment variables
 * @returns {number}
 */
function getColorDepth(env = process.env) {
  if (env.FORCE_COLOR !== undefined) return getForcedDepth(env);
  const { TERM } = env;
  if (isSet(env.NODE_DISABLE_COLORS) || isSet(env.NO_COLOR) || TERM === 'dumb') return COLORS_2;
  if (process.platform === 'win32') return getWindowsDepth();
  if (env.TMUX) return COLORS_16M;
  if ('TF_BUILD' in env && 'AGENT_NAME' in env) return COLORS_16;
  if ('CI' in env) return getContinuousIntegrationDepth(env);
  if ('TEAMCITY_VERSION' in env) {
    return TEAMCITY_WITH_COLORS.test(env.TEAMCITY_VERSION) ? COLORS_16 : COLORS_2;
  }

  const programDepth = getProgramDepth(env);
  if (programDepth !== undefined) return programDepth;
  const { COLORTERM } = env;
  if (COLORTERM === 'truecolor' || COLORTERM === '24bit') return COLORS_16M;
  const terminalDepth = TERM ? getTerminalDepth(TERM) : undefined;
  return terminalDepth ?? (COLORTERM ? COLORS_16 : COLORS_2);
}

/**
 * Whether the terminal has at least `count` colours.
 * @param {number} [count] 16 if it is left out
 * @param {object} [env] environment variables, may stand in the place of `count`
 * @returns {boolean}
 * @throws {TypeError} ERR_INVALID_ARG_TYPE
 * @throws {RangeError} ERR_OUT_OF_RANGE
 */
function hasColors(count, env) {
  if (env === undefined && (count === undefined || (typeof count === 'object' && count !== null))) {
    env = count;
    count = 16;
  } else {
    validateInteger(count, 'count', 2);
  }
  return count <= 2 ** this.getColorDepth(env);
}

module.exports = { getColorDepth, hasColors };
