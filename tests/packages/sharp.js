// sharp, a native add-on over libvips: images made, resized, encoded, read.
'use strict';
const sharp = require('sharp');

(async () => {
  const red = sharp({ create: { width: 40, height: 20, channels: 3, background: '#ff0000' } });
  const png = await red.png().toBuffer();
  const { width, height, format, channels, hasAlpha } = await sharp(png).metadata();
  console.log(width, height, format, channels, hasAlpha, png.subarray(1, 4).toString());
  const { data, info } = await sharp(png).resize(4, 2).greyscale().raw().toBuffer({ resolveWithObject: true });
  console.log([...data], info.width, info.height, info.channels);
  const stats = await sharp(png).stats();
  console.log(stats.channels.map(({ min, max }) => [min, max]), stats.isOpaque);
  const many = await Promise.all([1, 2, 3, 4].map((n) => sharp(png).resize(n * 10).webp().toBuffer()));
  console.log(await Promise.all(many.map(async (image) => (await sharp(image).metadata()).width)));
  const chunks = [];
  for await (const chunk of sharp(png).rotate(90).jpeg()) chunks.push(chunk);
  console.log((await sharp(Buffer.concat(chunks)).metadata()).height);
  await sharp(Buffer.from('no image')).metadata().catch((error) => console.log(error.message));
})();
