// supertest: expectations on an application, agents with cookies, failures.
'use strict';
const express = require('express');
const request = require('supertest');

const app = express();
app.use(express.json(), require('cookie-parser')());
app.get('/user', (req, res) => res.status(200).json({ name: 'ann' }));
app.post('/echo', (req, res) => res.send(req.body));
app.get('/set', (req, res) => res.cookie('c', '1').send('set'));
app.get('/got', (req, res) => res.send(req.cookies));
async function main() {
  const res = await request(app).get('/user').set('Accept', 'application/json').expect('Content-Type', /json/).expect(200, { name: 'ann' });
  console.log(res.body, res.type);
  console.log((await request(app).post('/echo').send({ a: 1 })).body);
  const agent = request.agent(app);
  await agent.get('/set').expect(200);
  console.log((await agent.get('/got')).text);
  await request(app).get('/user').expect(201).catch((error) => console.log(error.message));
  await request(app).get('/user').expect({ name: 'bob' }).catch((error) => console.log(error.message, error.expected, error.actual));
  await request(app).post('/echo').attach('file', Buffer.from('x'), 'x.txt').field('a', 'b').expect(200);
  request(app).get('/none').expect(404).end((error, it) => console.log(error, it.status));
}
main();
