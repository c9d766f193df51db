// cheerio: selecting, changing, forms, XML, and its parser of streams.
'use strict';
const cheerio = require('cheerio');

const $ = cheerio.load('<ul id="fruits"><li class="apple">Apple</li><li class="orange" data-n=\'{"a":1}\'>Orange</li><li>Pear &amp; more</li></ul><form><input name=a value=1><select name=b><option value=x selected>X</select></form><p>unclosed');
console.log($('.apple', '#fruits').text(), $('li').map((n, it) => `${n}${$(it).text()}`).get(), $('li:nth-child(2)').data('n'), $('li:contains("Pear")').html());
$('ul').addClass('list').attr('title', 'a "b"').append('<li>New</li>').find('li').first().remove().end().eq(0).wrap('<div>');
$('p').replaceWith((n, it) => `<b>${$(it).text()}</b>`);
console.log($.html(), $('form').serializeArray(), $('form').serialize(), $('li').not('.orange').length, $('li').slice(-1).prev().text());
const xml = cheerio.load('<a><b c="d"/><![CDATA[<x>]]></a>', { xml: true });
console.log(xml.xml(), xml('b').attr('c'), $.extract({ items: [{ selector: 'li', value: 'outerHTML' }] }));
const stream = cheerio.stringStream({}, (error, document) => console.log(error, document('title').text()));
stream.write('<title>stre');
stream.end('amed</title>');
