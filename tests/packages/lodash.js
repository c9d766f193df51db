// lodash: chains, deep copies, templates, debounced functions.
'use strict';
const _ = require('lodash');
const fp = require('lodash/fp');

const people = [{ name: 'ann', age: 30, tags: ['a'] }, { name: 'bob', age: 25, tags: ['b', 'a'] }, { name: 'cy', age: 30, tags: [] }];
console.log(_(people).groupBy('age').mapValues((it) => _.map(it, 'name')).value());
console.log(_.chain(people).flatMap('tags').countBy().toPairs().sortBy(0).value(), _.orderBy(people, ['age', 'name'], ['desc', 'asc']).map((it) => it.name));
const source = { date: new Date(0), map: new Map([['k', new Set([1])]]), regexp: /x/gi, bytes: Buffer.from('ab'), typed: new Float32Array(2), error: new RangeError('r'), symbol: { [Symbol.for('s')]: 1 } };
const copy = _.cloneDeep(source);
console.log(copy, _.isEqual(source, copy), copy.map !== source.map);
console.log(_.template('<% list.forEach((x) => { %><b><%- x %></b><% }) %> ${ "es" }')({ list: ['<', '&'] }));
console.log(_.merge({ a: [{ b: 1 }], c: { d: 1 } }, { a: [{ e: 2 }], c: { f: 2 } }), _.get(people, '[1].tags[0]'), _.set({}, 'a[0].b', 1));
console.log(_.camelCase('héllo wörld-again'), _.words('fred, barney, & pebbles'), _.deburr('déjà vu'), _.padStart('5', 3, '0'), _.truncate('long long long text that never ends', { length: 15 }));
console.log(fp.flow(fp.filter('age'), fp.map(fp.get('name')), fp.join('+'))(people), _.curry((a, b, c) => a + b + c)(1)(2, 3), _.range(0, 1, 0.25), _.chunk([1, 2, 3, 4, 5], 2));
let calls = 0;
const debounced = _.debounce(() => { calls++; }, 10);
debounced(); debounced(); debounced();
setTimeout(() => console.log('debounced', calls), 60);
