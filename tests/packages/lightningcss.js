// lightningcss, a native add-on that calls back: minification, modules, visitors, errors.
'use strict';
const css = require('lightningcss');

const code = Buffer.from('.a { color: rgb(255 0 0); &:hover { margin: 1px 1px 1px 1px } }\n@media (width >= 600px) { .b { display: flex } }');
console.log(css.transform({ filename: 'a.css', code, minify: true, targets: { safari: 13 << 16 } }).code.toString());
const modules = css.transform({ filename: 'a.css', code, cssModules: { pattern: '[local]-x' }, sourceMap: true });
console.log(Object.entries(modules.exports).sort(), JSON.parse(modules.map).sources);
console.log(css.transform({
  filename: 'v.css',
  code: Buffer.from('a { width: 2px; height: 4px }'),
  visitor: { Length(length) { return { unit: 'px', value: length.value * 2 } } },
}).code.toString());
try {
  css.transform({ filename: 'bad.css', code: Buffer.from('a { color: red;;;} }') });
} catch (error) {
  console.log(error.name, error.message, error.loc);
}
css.bundleAsync({ filename: 'main.css', minify: true, resolver: { read: (file) => file.endsWith('main.css') ? '@import "b.css"; a { top: 0 }' : 'b { left: 0 }', resolve: (name) => name } })
  .then((result) => console.log(result.code.toString()));
