// Frames of a stack: leaves out what the cause repeats and what recursion repeats, colours the rest.
'use strict';

const builtins = internalBinding('builtins');

const FEWEST_COMMON_FRAMES = 4;
const FEWEST_FRAMES_TO_COLLAPSE = 11;
const FEWEST_REPEATED_FRAMES = 3;

const BUILTIN_FRAME = /^ {4}at (?:[^/\\(]+ \(|)node:(.+):\d+:\d+\)?$/;
const FILE_SCHEME = 'file://';

/** Names of the files that frames of the runtime itself come from. */
let builtinIds;

/** The first run of at least four frames that the stack of the cause has too. */
function findCommonRun(frames, causeFrames) {
  for (let start = 0; start <= frames.length - FEWEST_COMMON_FRAMES; start++) {
    const causeStart = causeFrames.indexOf(frames[start]);
    if (causeStart === -1) continue;
    const longest = Math.min(frames.length - start, causeFrames.length - causeStart);
    let length = 1;
    while (length < longest && frames[start + length] === causeFrames[causeStart + length]) length++;
    if (length >= FEWEST_COMMON_FRAMES) return { start, length };
  }
  return undefined;
}

/** How often the block of `length` frames at `start` is repeated right behind itself. */
function countRepetitions(frames, start, length) {
  let count = 0;
  for (let next = start + length; ; next += length) {
    for (let i = 0; i < length; i++) {
      if (frames[start + i] !== frames[next + i]) return count;
    }
    count++;
  }
}

/**
 * Lengths that a repeated block may have, given the distances at which its first frame comes again: their
 * greatest common divisor first, then what Euclid's algorithm came across, latest first.
 */
function getBlockLengths(distances) {
  if (distances.length === 1) return distances;
  const others = new Set();
  let divisor = 0;
  for (let distance of distances) {
    while (distance !== 0) {
      const remainder = divisor % distance;
      if (divisor !== 0) others.add(divisor);
      divisor = distance;
      distance = remainder;
    }
    if (divisor === 1) break;
  }
  others.delete(divisor);
  return [divisor, ...[...others].reverse()];
}

/** Positions of each frame, by its text. */
function indexFrames(frames) {
  const positions = new Map();
  for (let i = 0; i < frames.length; i++) {
    const known = positions.get(frames[i]);
    if (known === undefined) positions.set(frames[i], [i]);
    else known.push(i);
  }
  return positions;
}

/** The block at `start` whose repetitions cover most frames, or undefined. */
function findRepeatedBlock(frames, start, positions) {
  const distances = [];
  for (const position of positions) {
    if (position > start) distances.push(position - start);
  }
  if (distances.length === 0 || distances[distances.length - 1] < FEWEST_REPEATED_FRAMES) return undefined;
  let best;
  let mostCovered = FEWEST_REPEATED_FRAMES - 1;
  for (const length of getBlockLengths(distances)) {
    const repetitions = countRepetitions(frames, start, length);
    if (length * repetitions > mostCovered) {
      mostCovered = length * repetitions;
      best = { length, repetitions };
    }
  }
  return best;
}

/** Replaces repetitions of blocks of frames, which recursion leaves in a stack, by a note. */
function collapseRepetitions(ctx, frames) {
  const positions = indexFrames(frames);
  if (frames.length - positions.size <= FEWEST_REPEATED_FRAMES) return frames;
  const result = [];
  let next = 0;
  while (next < frames.length) {
    const block = next < frames.length - FEWEST_REPEATED_FRAMES ?
      findRepeatedBlock(frames, next, positions.get(frames[next])) :
      undefined;
    if (block === undefined) {
      result.push(frames[next++]);
      continue;
    }
    const { length, repetitions } = block;
    result.push(...frames.slice(next, next + length));
    const source = repetitions > 1 ? `${length} lines ${repetitions} times...` : 'lines ...';
    const note = `    ... collapsed ${length * repetitions} duplicate lines matching above ${source}`;
    result.push(ctx.stylize(note, 'undefined'));
    next += length * (repetitions + 1);
  }
  return result;
}

function isSeparator(character) {
  return character === '/' || character === '\\';
}

/** Styles the names of packages. */
function markPackages(ctx, frame) {
  const folder = 'node_modules';
  let result = '';
  let copied = 0;
  let position = frame.indexOf(folder);
  while (position !== -1) {
    const separator = frame[position - 1];
    const nameStart = position + folder.length + 1;
    if (!isSeparator(separator) || !isSeparator(frame[nameStart - 1])) {
      position = frame.indexOf(folder, position + 1);
      continue;
    }
    let nameEnd = frame.indexOf(separator, nameStart);
    if (frame[nameStart] === '@' && nameEnd !== -1) nameEnd = frame.indexOf(separator, nameEnd + 1);
    if (nameEnd === -1) nameEnd = frame.length;
    result += frame.slice(copied, nameStart) + ctx.stylize(frame.slice(nameStart, nameEnd), 'module');
    copied = nameEnd;
    position = frame.indexOf(folder, nameEnd);
  }
  return copied === 0 ? frame : result + frame.slice(copied);
}

/** Greys out the working directory, with the parentheses around the path. */
function markDirectory(ctx, frame, directory) {
  const position = frame.indexOf(directory);
  if (position === -1) return frame;
  const hasScheme = frame.slice(position - FILE_SCHEME.length, position) === FILE_SCHEME;
  const pathStart = hasScheme ? position - FILE_SCHEME.length : position;
  const pathEnd = position + directory.length + 1;
  const isInParentheses = frame[pathStart - 1] === '(';
  const start = isInParentheses ? pathStart - 1 : pathStart;
  const head = frame.slice(0, start) + ctx.stylize(frame.slice(start, pathEnd), 'undefined');
  if (!isInParentheses || !frame.endsWith(')')) return head + frame.slice(pathEnd);
  return head + frame.slice(pathEnd, -1) + ctx.stylize(')', 'undefined');
}

function getWorkingDirectory() {
  try {
    return process.cwd();
  } catch {
    // It was removed.
    return undefined;
  }
}

function colorFrames(ctx, frames) {
  builtinIds ??= new Set(builtins.ids());
  const directory = getWorkingDirectory();
  let directoryUrl;
  let result = '';
  for (const frame of frames) {
    if (result !== '') result += '\n';
    const builtin = BUILTIN_FRAME.exec(frame);
    if (builtin !== null && builtinIds.has(builtin[1])) {
      result += ctx.stylize(frame, 'undefined');
      continue;
    }
    const marked = markPackages(ctx, frame);
    if (directory === undefined) {
      result += marked;
      continue;
    }
    let colored = markDirectory(ctx, marked, directory);
    if (colored === marked && marked.includes(FILE_SCHEME)) {
      directoryUrl ??= require('url').pathToFileURL(directory).href;
      colored = markDirectory(ctx, marked, directoryUrl);
    }
    result += colored;
  }
  return result;
}

function hasFewLines(text, most) {
  let lines = 1;
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) lines++;
  return lines <= most;
}

/**
 * @param {object} ctx the inspection's context
 * @param {string} text lines of the stack behind its heading
 * @param {string[]} [causeFrames] those of the error's cause
 * @returns {string}
 */
function formatFrames(ctx, text, causeFrames) {
  const isUntouched = !ctx.colors && causeFrames === undefined;
  if (isUntouched && hasFewLines(text, FEWEST_FRAMES_TO_COLLAPSE - 1)) return text;
  let frames = text.split('\n');
  const common = causeFrames === undefined ? undefined : findCommonRun(frames, causeFrames);
  if (common !== undefined) {
    const skipped = common.length - 2;
    const note = ctx.stylize(`    ... ${skipped} lines matching cause stack trace ...`, 'undefined');
    frames.splice(common.start + 1, skipped, note);
  }
  if (frames.length >= FEWEST_FRAMES_TO_COLLAPSE) frames = collapseRepetitions(ctx, frames);
  return ctx.colors ? colorFrames(ctx, frames) : frames.join('\n');
}

module.exports = { formatFrames };
