// What the command-line debugger tells of itself.
'use strict';

/** @returns {string} how it is started */
function usage() {
  const command = `${process.argv0} inspect`;
  const indent = ' '.repeat('Usage: '.length + command.length);
  return `Usage: ${command} [--port=<port>] [<node-option> ...]
${indent} [<script> [<script-args>] | <host>:<port> | -p <pid>]

Options:
  --port=<port>         the port on which the program listens for the debugger (default: 9229)
  <script>              a program to start and debug
  <host>:<port>         where a program listens for a debugger already
  -p <pid>              a running process to attach to
`;
}

/** What `help` prints. */
const commands = `
run, restart, r       Start the program, or connect with it again
kill                  End the program, or the connection with it

cont, c               Let the program run on
next, n               Run to the next line of this file
step, s               Run to the next line, in whatever function that is
out, o                Run to the end of this function
backtrace, bt         Show the functions that are under way
list                  Show the source around the line where the program is held
setContextLineNumber  Set how many lines are shown around that line
setBreakpoint, sb     Have the program held at a line or in a function
clearBreakpoint, cb   Have the program not held there
breakpoints           List the breakpoints
breakOnException      Have the program held at whatever is thrown
breakOnUncaught       Have the program held at what is thrown and not caught
breakOnNone           Have the program not held at what is thrown, as at first

watch(expr)           Show the value of an expression whenever the program is held
unwatch(expr)         Show it no longer
unwatch(index)        Show the one with that number no longer
watchers              Show the values of these expressions now

exec(expr), p(expr), exec expr, p expr
                      Evaluate an expression in the program and show its value
repl                  Evaluate all that is typed

scripts               List the program's scripts
scripts(true)         List all scripts, Ironode's own among them

profile               Begin to profile the processor's time
profileEnd            End the profile
profiles              The profiles so far
profiles[n].save(filepath = 'node.cpuprofile')
                      Save a profile as JSON

takeHeapSnapshot(filepath = 'node.heapsnapshot')
                      Save a snapshot of the heap as JSON
`.trim();

module.exports = { commands, usage };
