// multer: forms with files into memory and onto the disk, limits, filters.
'use strict';
const express = require('express');
const fs = require('fs');
const multer = require('multer');

const app = express();
const memory = multer({ storage: multer.memoryStorage(), limits: { fileSize: 50000 }, fileFilter: (req, file, done) => done(null, !file.originalname.endsWith('.exe')) });
const disk = multer({ storage: multer.diskStorage({ destination: (req, file, done) => fs.mkdir('up', { recursive: true }, (error) => done(error, 'up')), filename: (req, file, done) => done(null, `got-${file.originalname}`) }) });
app.post('/memory', memory.fields([{ name: 'one', maxCount: 1 }, { name: 'many' }]), (req, res) => res.json({ body: req.body,
  files: Object.values(req.files).flat().map((f) => [f.fieldname, f.originalname, f.mimetype, f.size, f.buffer.toString('latin1').slice(0, 10)]) }));
app.post('/disk', disk.array('file'), (req, res) => res.json(req.files.map((f) => [f.filename, f.size, fs.readFileSync(f.path, 'utf8').length])));
app.use((error, req, res, next) => res.status(400).json([error.name, error.code, error.field, error.message]));
const server = app.listen(0, async () => {
  const send = async (path, fill) => {
    const form = new FormData();
    fill(form);
    const res = await fetch(`http://localhost:${server.address().port}${path}`, { method: 'POST', body: form });
    console.log(path, res.status, await res.text());
  };
  await send('/memory', (form) => { form.append('text', 'ünï'); form.append('list[]', '1'); form.append('one', new File(['first file'], 'a.txt', { type: 'text/plain' })); form.append('many', new Blob(['x'.repeat(40000)]), 'b.bin'); form.append('many', new Blob(['evil']), 'c.exe'); });
  await send('/memory', (form) => form.append('one', new Blob(['y'.repeat(60000)]), 'big'));
  await send('/memory', (form) => form.append('other', new Blob(['z']), 'z'));
  await send('/disk', (form) => { for (const n of [1, 2, 3]) form.append('file', new Blob(['d'.repeat(n * 100000)]), `${n}.txt`); });
  server.close();
  server.closeAllConnections();
});
