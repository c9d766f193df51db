// passport with its local strategy: sessions, refusals, serialised users; helmet, cors, morgan and compression around it.
'use strict';
const compression = require('compression');
const cors = require('cors');
const express = require('express');
const helmet = require('helmet');
const morgan = require('morgan');
const passport = require('passport');
const { Strategy } = require('passport-local');

const app = express();
const lines = [];
app.use(morgan(':method :url :status :res[content-encoding]', { stream: { write: (line) => lines.push(line.trim()) } }));
app.use(helmet({ contentSecurityPolicy: { directives: { 'script-src': ["'self'", 'example.org'] } } }));
app.use(cors({ origin: /example\.org$/, credentials: true, maxAge: 60 }), compression({ threshold: 100 }), express.urlencoded());
passport.use(new Strategy((name, password, done) => (password === 'right' ? done(null, { name }) : done(null, false, { message: 'wrong password' }))));
passport.serializeUser((user, done) => done(null, user.name));
passport.deserializeUser((name, done) => done(null, { name }));
const session = {};
app.use((req, res, next) => { req.session = Object.assign(session, { regenerate: (done) => done(), save: (done) => done() }); next(); });
app.use(passport.session());
app.post('/login', passport.authenticate('local', { failureMessage: true }), (req, res) => res.json(req.user));
app.get('/me', (req, res) => res.json({ user: req.user, authenticated: req.isAuthenticated() }));
app.get('/big', (req, res) => res.type('text').send('big '.repeat(1000)));
const server = app.listen(0, async () => {
  const ask = async (path, options) => {
    const res = await fetch(`http://localhost:${server.address().port}${path}`, options);
    console.log(path, res.status, (await res.text()).slice(0, 60));
    return res.headers;
  };
  const form = (password) => ({ method: 'POST', body: new URLSearchParams({ username: 'ann', password }) });
  await ask('/me');
  await ask('/login', form('wrong'));
  await ask('/login', form('right'));
  await ask('/me');
  const headers = await ask('/big', { headers: { origin: 'https://www.example.org', 'accept-encoding': 'br' } });
  console.log(Object.fromEntries([...headers].filter(([name]) => !['date', 'keep-alive', 'connection', 'etag'].includes(name))));
  const preflight = await ask('/big', { method: 'OPTIONS', headers: { 'origin': 'https://example.org', 'access-control-request-method': 'PUT' } });
  console.log(preflight.get('access-control-allow-methods'), preflight.get('access-control-max-age'));
  await ask('/big', { headers: { 'accept-encoding': 'identity' } });
  console.log(lines);
  server.close();
  server.closeAllConnections();
});
