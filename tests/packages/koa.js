// koa: middleware around each other, context, errors, streams as bodies.
'use strict';
const Koa = require('koa');
const { Readable } = require('stream');

const app = new Koa({ keys: ['secret'] });
app.silent = true;
app.on('error', (error) => console.log('error event', error.message));
app.use(async (ctx, next) => {
  const order = ['before'];
  ctx.state.order = order;
  await next();
  order.push('after');
  ctx.set('X-Order', order.join(','));
});
app.use(async (ctx) => {
  ctx.state.order.push('inside');
  switch (ctx.path) {
    case '/json': ctx.body = { query: { ...ctx.query }, type: ctx.accepts('json', 'html') }; break;
    case '/stream': ctx.type = 'text/plain'; ctx.body = Readable.from(['one ', 'two']); break;
    case '/cookie': ctx.cookies.set('name', 'value', { signed: true }); ctx.body = Buffer.from('bytes'); break;
    case '/throw': ctx.throw(422, 'no good', { detail: 1 }); break;
    case '/crash': throw new Error('secret reason');
    case '/empty': ctx.body = null; break;
    case '/away': ctx.redirect('/json'); break;
  }
});
const server = app.listen(0, async () => {
  for (const path of ['/json?a=1&a=2', '/stream', '/cookie', '/throw', '/crash', '/empty', '/away', '/none']) {
    const res = await fetch(`http://localhost:${server.address().port}${path}`, { redirect: 'manual' });
    console.log(path, res.status, res.statusText, ['content-type', 'content-length', 'x-order', 'set-cookie', 'location']
      .map((name) => res.headers.get(name)).join(' | '), JSON.stringify(await res.text()));
  }
  server.close();
  server.closeAllConnections();
});
