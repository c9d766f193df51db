// ejs: includes, delimiters, asynchronous templates, errors with their place.
'use strict';
const ejs = require('ejs');
const fs = require('fs');

fs.mkdirSync('views');
fs.writeFileSync('views/item.ejs', '<li><%= item %></li>\n');
fs.writeFileSync('views/page.ejs', '<ul>\n<%_ for (const item of items) { -%>\n<%- include("item", { item }) -%>\n<%_ } _%>\n</ul>\n');
async function main() {
  const template = ejs.default ?? ejs;
  console.log(await template.renderFile('views/page.ejs', { items: ['<a>', 'b & c'] }));
  console.log(template.render('[? if (n > 1) { ?]many[? } ?] [?= n ?]', { n: 2 }, { delimiter: '?', openDelimiter: '[', closeDelimiter: ']' }));
  console.log(await template.render('<%= await soon %>', { soon: Promise.resolve('later') }, { async: true }));
  try { template.render('line one\n<%= nothing.there %>\nline three', {}, { filename: 'bad.ejs' }); } catch (error) { console.log(error.name, error.message); }
  try { template.compile('<% if ( %>'); } catch (error) { console.log(error.name, error.message.split('\n')[0]); }
}
main();
