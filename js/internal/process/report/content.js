// What a diagnostic report tells: of the program, the process and the system.
'use strict';

const processBinding = internalBinding('process');
const { readFileSync } = require('fs');
const os = require('os');
const v8 = require('v8');

const MICROSECONDS = 1e6;
const KIB = 1024;

/** `soft` and `hard` of the lines of `/proc/self/limits`, by the names of the report. */
const LIMITS = {
  core_file_size_blocks: 'Max core file size',
  data_seg_size_bytes: 'Max data size',
  file_size_blocks: 'Max file size',
  max_locked_memory_bytes: 'Max locked memory',
  max_memory_size_bytes: 'Max resident set',
  open_files: 'Max open files',
  stack_size_bytes: 'Max stack size',
  cpu_time_seconds: 'Max cpu time',
  max_user_processes: 'Max processes',
  virtual_memory_bytes: 'Max address space',
};

function readLines(file) {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    // A system may hide it.
    return [];
  }
}

const toLimit = (text) => (text === 'unlimited' ? text : Number(text));

function userLimits() {
  const lines = readLines('/proc/self/limits');
  const limits = {};
  for (const [name, title] of Object.entries(LIMITS)) {
    const line = lines.find((text) => text.startsWith(title));
    if (line === undefined) continue;
    const [soft, hard] = line.slice(title.length).trim().split(/\s+/);
    limits[name] = { soft: toLimit(soft), hard: toLimit(hard) };
  }
  return limits;
}

function sharedObjects() {
  const found = new Set(['linux-vdso.so.1']);
  for (const line of readLines('/proc/self/maps')) {
    const path = /\s(\/\S*\.so[.\d]*)$/.exec(line)?.[1];
    if (path !== undefined) found.add(path);
  }
  return [...found];
}

function networkInterfaces() {
  const all = [];
  for (const [name, addresses] of Object.entries(os.networkInterfaces())) {
    for (const { internal, mac, address, netmask, family, scopeid } of addresses) {
      const shown = { name, internal, mac, address, netmask, family };
      if (family === 'IPv6') shown.scopeid = scopeid;
      all.push(shown);
    }
  }
  return all;
}

/** What tells packages with native parts which of these they need. */
function glibcVersions() {
  const versions = internalBinding('os').glibcVersions();
  if (versions === undefined) return undefined;
  const [glibcVersionRuntime, glibcVersionCompiler] = versions;
  return { glibcVersionRuntime, glibcVersionCompiler };
}

function header({ event, trigger, filename, excludeNetwork }) {
  const now = new Date();
  const shown = {
    reportVersion: 5,
    event,
    trigger,
    filename: filename ?? null,
    dumpEventTime: `${now.toISOString().slice(0, -5)}Z`,
    dumpEventTimeStamp: `${now.getTime()}`,
    processId: process.pid,
    threadId: require('worker_threads').threadId,
    cwd: process.cwd(),
    commandLine: [process.argv[0], ...process.execArgv, ...process.argv.slice(1)],
    nodejsVersion: process.version,
    ...glibcVersions(),
    wordSize: 64,
    arch: process.arch,
    platform: process.platform,
    componentVersions: process.versions,
    release: process.release,
    osName: os.type(),
    osRelease: os.release(),
    osVersion: os.version(),
    osMachine: os.machine(),
    cpus: os.cpus().map(({ model, speed, times: { user, nice, sys, idle, irq } }) => {
      return { model, speed, user, nice, sys, idle, irq };
    }),
  };
  if (!excludeNetwork) shown.networkInterfaces = networkInterfaces();
  shown.host = os.hostname();
  return shown;
}

function errorProperties(error) {
  const shown = {};
  for (const name of Object.keys(error)) {
    if (name === 'stack' || name === 'message') continue;
    try {
      shown[name] = String(error[name]);
    } catch {
      // What has no text is left out.
    }
  }
  return shown;
}

function javascriptStack(error) {
  if (typeof error !== 'object' || error === null) return { message: String(error), errorProperties: {} };
  const { stack } = error;
  if (typeof stack !== 'string') {
    return { message: 'No stack.', stack: ['Unavailable.'], errorProperties: errorProperties(error) };
  }
  const [message, ...lines] = stack.split('\n');
  const shown = { message };
  if (lines.length > 0) shown.stack = lines.map((line) => line.trim()).filter((line) => line !== '');
  shown.errorProperties = errorProperties(error);
  return shown;
}

function javascriptHeap(limit) {
  const heap = v8.getHeapStatistics();
  const heapSpaces = {};
  for (const space of v8.getHeapSpaceStatistics()) {
    heapSpaces[space.space_name] = {
      memorySize: space.space_size,
      committedMemory: space.physical_space_size,
      capacity: space.space_used_size + space.space_available_size,
      used: space.space_used_size,
      available: space.space_available_size,
    };
  }
  return {
    totalMemory: heap.total_heap_size,
    executableMemory: heap.total_heap_size_executable,
    totalCommittedMemory: heap.total_physical_size,
    availableMemory: heap.total_available_size,
    totalGlobalHandlesMemory: heap.total_global_handles_size,
    usedGlobalHandlesMemory: heap.used_global_handles_size,
    usedMemory: heap.used_heap_size,
    memoryLimit: limit ?? heap.heap_size_limit,
    mallocedMemory: heap.malloced_memory,
    externalMemory: heap.external_memory,
    peakMallocedMemory: heap.peak_malloced_memory,
    nativeContextCount: heap.number_of_native_contexts,
    detachedContextCount: heap.number_of_detached_contexts,
    doesZapGarbage: heap.does_zap_garbage,
    heapSpaces,
  };
}

function cpu({ user, system }) {
  const seconds = process.uptime();
  const percent = (microseconds) => (100 * microseconds) / MICROSECONDS / seconds;
  return {
    userCpuSeconds: user / MICROSECONDS,
    kernelCpuSeconds: system / MICROSECONDS,
    cpuConsumptionPercent: percent(user + system),
    userCpuConsumptionPercent: percent(user),
    kernelCpuConsumptionPercent: percent(system),
  };
}

function resourceUsage() {
  const usage = process.resourceUsage();
  return {
    free_memory: os.freemem(),
    total_memory: os.totalmem(),
    rss: process.memoryUsage.rss(),
    constrained_memory: process.constrainedMemory(),
    available_memory: process.availableMemory(),
    ...cpu({ user: usage.userCPUTime, system: usage.systemCPUTime }),
    maxRss: usage.maxRSS * KIB,
    pageFaults: { IORequired: usage.majorPageFault, IONotRequired: usage.minorPageFault },
    fsActivity: { reads: usage.fsRead, writes: usage.fsWrite },
  };
}

function threadUsage() {
  const { fsRead, fsWrite } = process.resourceUsage();
  return { ...cpu(process.threadCpuUsage()), fsActivity: { reads: fsRead, writes: fsWrite } };
}

/** The kinds of handles by the names of their classes. */
const TYPES = {
  __proto__: null,
  FSEventWrap: 'fs_event',
  Pipe: 'pipe',
  Process: 'process',
  SignalHandle: 'signal',
  StatWatcher: 'fs_poll',
  TCP: 'tcp',
  TTY: 'tty',
  UDP: 'udp',
};

/** One end of a connection, as the handle's function `name` tells it. */
function endpoint(handle, name) {
  const found = {};
  if (typeof handle[name] !== 'function' || handle[name](found) !== 0 || found.address === undefined) return null;
  const { address, port } = found;
  return { host: address, [address.includes(':') ? 'ip6' : 'ip4']: address, port };
}

function describeHandle(handle, type, address) {
  const shown = { type, is_active: true, is_referenced: handle.hasRef?.() === true, address };
  if (type === 'tcp' || type === 'udp') {
    shown.localEndpoint = endpoint(handle, 'getsockname');
    shown.remoteEndpoint = endpoint(handle, 'getpeername');
  }
  if (type === 'process') shown.pid = handle.pid;
  if (type === 'fs_event' || type === 'fs_poll') shown.filename = `${handle.filename}`;
  if (type === 'signal') {
    shown.signum = handle.signum;
    shown.signal = handle.signal;
  }
  const hasDescriptor = typeof handle.fd === 'number' && handle.fd >= 0;
  const buffers = hasDescriptor ? processBinding.socketBuffers(handle.fd) : undefined;
  if (buffers !== undefined) [shown.sendBufferSize, shown.recvBufferSize] = buffers;
  if (hasDescriptor) shown.fd = handle.fd;
  describeQueue(shown, handle, type);
  return shown;
}

/** What waits to be sent, and which ways are open. */
function describeQueue(shown, handle, type) {
  if (type === 'udp') {
    shown.writeQueueSize = handle.getSendQueueSize();
    shown.writeQueueCount = handle.getSendQueueCount();
  } else if (typeof handle.writeQueueSize === 'number') {
    shown.writeQueueSize = handle.writeQueueSize;
    const { kOwner } = require('internal/net/handles');
    const owner = handle[kOwner];
    shown.readable = owner?.readable === true;
    shown.writable = owner?.writable === true;
  }
}

// Handles have no address that could be told: their number stands for it.
const toAddress = (number) => `0x${number.toString(16).padStart(16, '0')}`;

function handles() {
  const all = [];
  for (const handle of [...processBinding.openHandles(), ...require('internal/fs/active_watchers').watchers]) {
    const type = TYPES[handle.resource ?? handle.constructor?.name];
    // Others are the runtime's own.
    if (type !== undefined) all.push(describeHandle(handle, type, toAddress(all.length + 1)));
  }
  const [next, referenced] = require('internal/timers').timerInfo;
  if (next !== 0) {
    const firesInMsFromNow = Math.round(next - performance.now());
    all.push({
      type: 'timer',
      is_active: true,
      is_referenced: referenced > 0,
      address: toAddress(all.length + 1),
      repeat: 0,
      firesInMsFromNow,
      expired: firesInMsFromNow <= 0,
    });
  }
  const { idleTime } = performance.nodeTiming;
  all.push({ type: 'loop', is_active: all.length > 0, address: toAddress(all.length + 1), loopIdleTimeSeconds: idleTime / 1e3 });
  return all;
}

/**
 * @param {object} request event, trigger, filename, error, excludeEnv, excludeNetwork, and in bytes heapLimit, if it is
 *   no more what the engine says
 * @returns {object} the report
 */
function collect(request) {
  const report = {
    header: header(request),
    javascriptStack: javascriptStack(request.error),
    javascriptHeap: javascriptHeap(request.heapLimit),
    nativeStack: [],
    resourceUsage: resourceUsage(),
    uvthreadResourceUsage: threadUsage(),
    libuv: handles(),
    workers: [],
  };
  if (!request.excludeEnv) report.environmentVariables = { ...process.env };
  report.userLimits = userLimits();
  report.sharedObjects = sharedObjects();
  return report;
}

module.exports = { collect };
