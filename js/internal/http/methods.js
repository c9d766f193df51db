// The methods of requests: by the number that the parser gives them, and those of HTTP in order.
'use strict';

const names = internalBinding('http').methodNames();

/** From this number on methods are of other protocols, except the last. */
const FIRST_OF_OTHERS = names.indexOf('PRI');

const methods = names.filter((name, number) => number < FIRST_OF_OTHERS || name === 'QUERY');

module.exports = { methods, names };
