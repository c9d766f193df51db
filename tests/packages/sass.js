// sass: modules, mixins, functions of JavaScript, importers, errors, asynchronous compilation.
'use strict';
const sass = require('sass');
const fs = require('fs');

async function main() {
  fs.writeFileSync('_lib.scss', '$main: #336699 !default; @mixin box($n: 1) { padding: $n * 2px; &:hover { @content; } } @function half($n) { @return math.div($n, 2); } @use "sass:math";'.replace(/^(.*) (@use "sass:math";)$/, '$2 $1'));
  fs.writeFileSync('main.scss', '@use "lib" with ($main: red); @use "sass:color"; @use "sass:list"; .a { color: lib.$main; .b & { width: lib.half(5px); } @include lib.box(2) { color: color.adjust(lib.$main, $lightness: 10%); } @each $k, $v in (x: 1, y: 2) { &-#{$k} { order: $v; } } }');
  const result = sass.compile('main.scss', { sourceMap: true });
  console.log(result.css, result.loadedUrls.map((url) => url.pathname.split('/').pop()), result.sourceMap.mappings.length);
  console.log(sass.compileString('a { b: twice(4); @import-free: x }'.replace(' @import-free: x', ''), { style: 'compressed', functions: { 'twice($n)': ([n]) => new sass.SassNumber(n.assertNumber().value * 2) } }).css);
  const later = await sass.compileStringAsync('@use "virtual:x" as x; a { b: x.$c }', { importers: [{ canonicalize: async (url) => (url.startsWith('virtual:') ? new URL(url) : null), load: async () => ({ contents: '$c: "from afar"', syntax: 'scss' }) }] });
  console.log(later.css);
  try { sass.compileString('a { b: $none }'); } catch (error) { console.log(error.name, error.message); }
}
main();
