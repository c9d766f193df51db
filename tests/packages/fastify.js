// fastify: schemas, hooks, plugins, decorators, injection and real requests.
'use strict';
const fastify = require('fastify');

async function main() {
  const app = fastify({ logger: false });
  app.decorate('answer', 42);
  app.addHook('onRequest', async (request) => { request.headers['x-hooked'] = '1'; });
  app.addHook('onSend', async (request, reply, payload) => { reply.header('x-length', String(payload?.length)); return payload; });
  await app.register(async (scope) => {
    scope.decorateReply('shout', function shout(text) { return this.send(text.toUpperCase()); });
    scope.get('/shout/:text', (request, reply) => { reply.shout(request.params.text); });
  }, { prefix: '/v1' });
  app.post('/sum', {
    schema: {
      body: { type: 'object', required: ['a', 'b'], properties: { a: { type: 'integer' }, b: { type: 'integer', default: 1 } } },
      response: { 200: { type: 'object', properties: { sum: { type: 'number' } } } },
    },
  }, async (request) => ({ sum: request.body.a + request.body.b, hidden: true }));
  app.get('/answer', async () => ({ answer: app.answer }));
  app.get('/error', async () => { throw app.httpErrors ?? new Error('broken'); });
  app.setNotFoundHandler((request, reply) => reply.code(404).send({ none: request.url }));

  for (const [method, url, payload] of [['GET', '/v1/shout/hey'], ['POST', '/sum', { a: '2', b: 3 }], ['POST', '/sum', { a: 'x' }],
    ['GET', '/answer'], ['GET', '/error'], ['GET', '/nowhere']]) {
    const res = await app.inject({ method, url, payload });
    console.log(method, url, res.statusCode, res.headers['content-type'], res.headers['x-length'], res.body);
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  const base = `http://127.0.0.1:${app.server.address().port}`;
  const many = await Promise.all(Array.from({ length: 20 }, async (_, n) => {
    const res = await fetch(`${base}/sum`, { method: 'POST', body: JSON.stringify({ a: n, b: n }), headers: { 'content-type': 'application/json' } });
    return (await res.json()).sum;
  }));
  console.log(many.join(' '));
  console.log(app.printRoutes());
  await app.close();
}
main();
