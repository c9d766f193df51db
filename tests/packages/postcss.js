// postcss: plugins, source maps, syntax errors, walking.
'use strict';
const postcss = require('postcss');

const plugin = () => ({ postcssPlugin: 'double', Declaration: { width(decl, { result }) { if (!decl.seen) { decl.seen = true; decl.value = decl.value.replace(/\d+/, (n) => n * 2); result.warn('doubled', { node: decl }); } } }, AtRule: { mixin(rule) { rule.replaceWith(postcss.parse(`color: ${rule.params}`, { from: "mixin.css" }).nodes); } } });
plugin.postcss = true;
postcss([plugin]).process('a { width: 10px; @mixin red; &:hover { width: 1em } } /* kept */\n@media print { b { width: 3% } }', { from: 'in.css', to: 'out.css', map: { inline: false } }).then((result) => {
  console.log(result.css, result.map.toString().replace(process.cwd(), ''), result.warnings().map(String));
});
const root = postcss.parse('a,b{x:y;z:1!important}');
root.walkDecls((decl) => console.log(decl.prop, decl.value, decl.important, decl.source.start));
console.log(root.first.selectors, postcss.list.space('a  b c(d e)'), root.toJSON().type);
try { postcss.parse('a { b: c', { from: 'bad.css' }); } catch (error) { console.log(error.name, error.reason, error.showSourceCode(false)); }
