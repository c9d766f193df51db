// handlebars: helpers, partials, block parameters, precompiled templates, errors.
'use strict';
const Handlebars = require('handlebars');
const fs = require('fs');

Handlebars.registerHelper('loud', (text, options) => `${text.toUpperCase()}${options.hash.mark ?? '!'}`);
Handlebars.registerHelper('list', function list(items, options) { return items.map((item, n) => options.fn(item, { data: { n }, blockParams: [item, n] })).join(','); });
Handlebars.registerPartial('row', '<li>{{this}} of {{../total}}</li>\n');
const template = Handlebars.compile('{{#if title}}<h1>{{title}}</h1>{{else}}none{{/if}}\n{{#each rows}}{{@index}}{{> row}}{{/each}}{{loud name mark="?"}} {{{raw}}} {{#list rows as |it n|}}{{it}}{{n}}{{/list}} {{#with deep.er}}{{x}}{{/with}}');
console.log(template({ title: '<b>', rows: ['a', '&'], total: 2, name: 'ann', raw: '<i>', deep: { er: { x: 1 } } }));
const spec = new Function(`return ${Handlebars.precompile('{{a.b}} {{#unless c}}no c{{/unless}}')}`)();
console.log(Handlebars.template(spec)({ a: { b: 'later' } }));
fs.writeFileSync('page.hbs', 'from a file: {{it}}');
require.extensions['.hbs'] && console.log(require('./page.hbs')({ it: 'required' }));
for (const bad of ['{{#if}}', '{{a', '{{none.of "these"}}']) try { Handlebars.compile(bad)({}); } catch (error) { console.log(error.message); }
