// Tailwind CSS: its native scanner of sources, themes, and its plugin for PostCSS.
'use strict';
const fs = require('fs');
const path = require('path');
const postcss = require('postcss');
const tailwind = require('@tailwindcss/postcss');
const { compile } = require('tailwindcss');

async function main() {
  fs.mkdirSync('src');
  fs.writeFileSync('src/page.html', '<div class="flex p-4 md:grid hover:bg-brand text-[13px] data-open:underline none-such"></div>');
  fs.writeFileSync('src/it.jsx', 'export default () => <i className={`m-${1} ${on ? "mt-2" : "-mt-px"}`} />;');
  const css = '@layer theme, utilities;\n@import "tailwindcss/utilities" layer(utilities) source("./src");\n@theme { --color-brand: #f00; --spacing: 4px; --breakpoint-md: 48rem }\n.btn { @apply px-4 underline; &:hover { color: theme(--color-brand) } }\n@utility tab-4 { tab-size: 4 }';
  for (const optimize of [false, { minify: true }]) {
    const result = await postcss([tailwind({ base: process.cwd(), optimize })]).process(css, { from: path.resolve('in.css') });
    console.log(result.css, result.messages.map((it) => it.type).sort());
  }
  const { build } = await compile('@theme { --color-red-500: red } @tailwind utilities;');
  console.log(build(['bg-red-500/50', 'nothing', 'sm:not-first:block']));
  await postcss([tailwind()]).process('a { @apply no-such-thing }', { from: path.resolve('bad.css') }).catch((error) => console.log(error.name, error.message));
}
main();
