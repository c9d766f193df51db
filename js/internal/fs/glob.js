// `glob`, `globSync` and `promises.glob`: the files whose paths match patterns. One description of the
// search serves all of them: it yields questions to the file system and what it finds.
'use strict';

const { Dirent, typeOfMode } = require('internal/fs/dirent');
const { promised } = require('internal/fs/promised');
const { GLOBSTAR, Glob: Pattern } = require('internal/glob');
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const {
  validateBoolean,
  validateFunction,
  validateObject,
  validateString,
  validateStringArray,
} = require('internal/validators');
const { basename, dirname, isAbsolute, join, normalize, resolve } = require('path');

const { UV_DIRENT_DIR, UV_DIRENT_LINK } = internalBinding('constants').fs;
const binding = internalBinding('fs');

/** Where the numbers of `stat` have the mode. */
const kModeIndex = 1;

const kNoOptions = {};

/** A place to look at, with the parts of patterns that are still to be matched from there. */
class Place {
  /** @param {string} path relative to the search, unless the pattern is absolute */
  constructor(path) {
    this.path = path;
    /** Pairs of a pattern and the index of a segment, one after the other. */
    this.rest = [];
  }

  /** Adds a part of a pattern, unless it is there already. */
  add(pattern, index) {
    for (let i = 0; i < this.rest.length; i += 2) {
      if (this.rest[i] === pattern && this.rest[i + 1] === index) return;
    }
    this.rest.push(pattern, index);
  }
}

/** Answers of the file system that are there at once. */
const atOnce = {
  type(path) {
    try {
      return typeOfMode(binding.lstatSync(path, false)[kModeIndex]);
    } catch {
      return undefined;
    }
  },
  isDirectory(path) {
    try {
      return typeOfMode(binding.statSync(path, false)[kModeIndex]) === UV_DIRENT_DIR;
    } catch {
      return false;
    }
  },
  list(path) {
    try {
      return binding.readdirSync(path, false, true, false);
    } catch {
      return [[], []];
    }
  },
};

/** The type of a file; undefined where nothing is there. */
function promisedType(start) {
  return new Promise((resolve) => {
    start((error, values) => resolve(error ? undefined : typeOfMode(values[kModeIndex])));
  });
}

/** The same answers, promised. */
const later = {
  type: (path) => promisedType((done) => binding.lstat(path, false, done)),
  isDirectory: (path) => promisedType((done) => binding.stat(path, false, done))
    .then((type) => type === UV_DIRENT_DIR),
  list: (path) => promised((done) => binding.readdir(path, false, true, false, done))
    .then(undefined, () => [[], []]),
};

/** What the search yields when it has found something. */
class Found {
  constructor(path, type) {
    this.path = path;
    this.type = type;
  }
}

/** Patterns that are never matched: they name no place of their own. */
function findsNothing(segments) {
  const [first, second] = segments;
  if (segments.length === 1) return first === '' || first === '.' || first === '..';
  return segments.length === 2 && first === '.' && second === '';
}

function below(path, name) {
  if (name === '.') return path;
  if (name === '..') return join(path, '..');
  if (path === '.') return name;
  return path === '/' ? `/${name}` : `${path}/${name}`;
}

/** Whether a path or the directory that it names matches one of the patterns. */
function matcherOf(texts) {
  const patterns = texts.map((text) => new Pattern(normalize(text).replace(/(?<=.)\/$/, ''), false));
  return (path) => patterns.some((pattern) => pattern.matches(path) || pattern.matches(`${path}/`));
}

/** A search for files. */
class Glob {
  #root;
  #given;
  #patterns;
  /** Leave out what they say, if there are any: the program's function, or its patterns. */
  #excludes = null;
  #excludesPath = null;
  #withFileTypes;
  #followSymlinks;
  #system = atOnce;
  #stack = [];
  #seen = new Set();

  /**
   * @param {string | string[]} pattern
   * @param {{ cwd?: string | URL, exclude?: ((item: string | Dirent) => boolean) | string[],
   *   withFileTypes?: boolean, followSymlinks?: boolean }} [options]
   */
  constructor(pattern, options = kNoOptions) {
    validateObject(options, 'options');
    const { cwd = '.', exclude, followSymlinks = false, withFileTypes } = options;
    this.#given = cwd instanceof URL ? require('url').fileURLToPath(cwd) : cwd;
    this.#root = resolve(this.#given);
    if (typeof exclude === 'function') {
      this.#excludes = exclude;
    } else if (Array.isArray(exclude)) {
      validateStringArray(exclude, 'options.exclude');
      this.#excludesPath = matcherOf(exclude);
    } else if (exclude != null) {
      throw new ERR_INVALID_ARG_TYPE('options.exclude', ['function', 'string[]'], exclude);
    }
    validateBoolean(followSymlinks, 'options.followSymlinks');
    this.#followSymlinks = followSymlinks;
    this.#withFileTypes = Boolean(withFileTypes);
    if (Array.isArray(pattern)) validateStringArray(pattern, 'patterns');
    else validateString(pattern, 'patterns');
    this.#patterns = [pattern].flat().flatMap((text) => new Pattern(text, false).alternatives)
      .filter((segments) => !findsNothing(segments));
  }

  #entry(path, type, root) {
    const full = isAbsolute(path) ? path : join(root, path);
    return new Dirent(basename(full), type, dirname(full));
  }

  /** Where a path of the search lies. */
  #full(path) {
    return path[0] === '/' ? path : join(this.#root, path);
  }

  #isExcluded(path, name, type) {
    if (this.#excludesPath !== null) return this.#excludesPath(path);
    if (this.#excludes === null) return false;
    return Boolean(this.#excludes(this.#withFileTypes ? this.#entry(path, type, this.#root) : name));
  }

  /** Whether a path was not told before. */
  #isNews(path) {
    if (this.#seen.has(path)) return false;
    this.#seen.add(path);
    return true;
  }

  * #search() {
    const start = new Place('.');
    const top = new Place('/');
    for (const pattern of this.#patterns) {
      if (pattern[0] === '') top.add(pattern, 1);
      else start.add(pattern, 0);
    }
    for (const place of [start, top]) if (place.rest.length > 0) this.#stack.push(place);
    while (this.#stack.length > 0) yield* this.#visit(this.#stack.pop());
  }

  /** Looks at one place: for names that are written out, then for those that have to be listed. */
  * #visit(place) {
    const { path, rest } = place;
    let mustList = false;
    const named = new Map();
    // The list grows: a globstar may also stand for nothing.
    for (let i = 0; i < rest.length; i += 2) {
      const pattern = rest[i];
      const index = rest[i + 1];
      const segment = pattern[index];
      const isLast = index === pattern.length - 1;
      if (segment === GLOBSTAR) {
        mustList = true;
        if (isLast) yield* this.#tell(path, false);
        else place.add(pattern, index + 1);
      } else if (segment === '' && isLast) {
        yield* this.#tell(path, true);
      } else if (typeof segment !== 'string') {
        mustList = true;
      } else {
        yield* this.#visitName(path, segment, pattern, index, isLast, named);
      }
    }
    const found = mustList ? yield* this.#list(place, named) : named;
    this.#stack.push(...found.values());
  }

  * #tell(path, mustBeDirectory) {
    if (this.#seen.has(path)) return;
    const type = yield this.#system.type(this.#full(path));
    if (type === undefined) return;
    if (mustBeDirectory && type !== UV_DIRENT_DIR && type !== UV_DIRENT_LINK) return;
    if (this.#isNews(path)) yield new Found(path, type);
  }

  /** A name that the pattern writes out. */
  * #visitName(path, segment, pattern, index, isLast, named) {
    const child = below(path, segment);
    if (isLast) {
      if (!this.#excludesPath?.(child)) yield* this.#tell(child, false);
      return;
    }
    const type = yield this.#system.type(this.#full(child));
    if (type === undefined || this.#isExcluded(child, child, type)) return;
    // Behind a globstar links are not followed.
    if (type === UV_DIRENT_LINK && pattern[index - 1] === GLOBSTAR && !this.#followSymlinks) return;
    placeIn(named, child).add(pattern, index + 1);
  }

  /** The entries of a directory that match, pattern by pattern. */
  * #list({ path, rest }, places) {
    const [names, types] = yield this.#system.list(this.#full(path));
    const children = [];
    for (let n = 0; n < names.length; n++) {
      const name = names[n];
      const child = below(path, name);
      let isDirectory = types[n] === UV_DIRENT_DIR;
      if (!isDirectory && types[n] === UV_DIRENT_LINK && this.#followSymlinks) {
        isDirectory = yield this.#system.isDirectory(this.#full(child));
      }
      children.push({ name, path: child, type: types[n], isDirectory, isExcluded: undefined });
    }
    for (const pattern of new Set(rest.filter((part, i) => i % 2 === 0))) {
      for (const child of children) yield* this.#match(child, pattern, rest, places);
    }
    return places;
  }

  /** Matches an entry with all parts of one pattern. */
  * #match(child, pattern, rest, places) {
    const { name, path, type, isDirectory } = child;
    for (let i = 0; i < rest.length; i += 2) {
      const index = rest[i + 1];
      const segment = pattern[index];
      if (rest[i] !== pattern || typeof segment === 'string') continue;
      if (segment === GLOBSTAR ? name[0] === '.' : !segment.test(name)) continue;
      child.isExcluded ??= this.#isExcluded(path, name, type);
      if (child.isExcluded) return;
      const isLast = index === pattern.length - 1;
      if (isDirectory && (segment === GLOBSTAR || !isLast)) {
        placeIn(places, path).add(pattern, segment === GLOBSTAR ? index : index + 1);
      } else if (isLast && this.#isNews(path)) {
        yield new Found(path, type);
      }
    }
  }

  /** @returns {(string | Dirent)[]} */
  globSync() {
    const found = [];
    const steps = this.#search();
    for (let step = steps.next(); !step.done;) {
      const { value } = step;
      if (value instanceof Found) found.push(this.#result(value, this.#given));
      step = steps.next(value);
    }
    return found;
  }

  /** @returns {AsyncGenerator<string | Dirent>} */
  async* glob() {
    this.#system = later;
    const steps = this.#search();
    for (let step = steps.next(); !step.done;) {
      const value = await step.value;
      if (value instanceof Found) yield this.#result(value, this.#root);
      step = steps.next(value);
    }
  }

  #result({ path, type }, root) {
    return this.#withFileTypes ? this.#entry(path, type, root) : path;
  }
}

function placeIn(places, path) {
  let place = places.get(path);
  if (place === undefined) places.set(path, place = new Place(path));
  return place;
}

/**
 * @param {string | string[]} pattern
 * @param {object} options those of the class
 * @param {(error: Error | null, matches?: (string | Dirent)[]) => void} callback
 */
function glob(pattern, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, 'cb');
  const search = new Glob(pattern, options);
  collect(search).then(
    (found) => process.nextTick(callback, null, found),
    (error) => process.nextTick(callback, error),
  );
}

async function collect(search) {
  const found = [];
  for await (const item of search.glob()) found.push(item);
  return found;
}

/**
 * @param {string | string[]} pattern
 * @param {object} [options] those of the class
 * @returns {(string | Dirent)[]}
 */
function globSync(pattern, options) {
  return new Glob(pattern, options).globSync();
}

module.exports = { Glob, glob, globSync };
