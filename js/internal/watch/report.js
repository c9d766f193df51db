// What a watched process tells of the modules that it loads, so that it is started anew when one changes.
'use strict';

const channels = require('internal/modules/channels');

/** The variable of the environment with which a process is asked for it. */
const kVariable = 'WATCH_REPORT_DEPENDENCIES';

/** Has the modules that this process loads told to the one that watches it. */
function begin() {
  const send = (message) => {
    if (process.connected) process.send(message);
  };
  channels.reportFile = (path) => send({ 'watch:require': [path] });
  channels.reportURL = (url) => send({ 'watch:import': [url] });
}

module.exports = { begin, kVariable };
