// Apollo Server: operations without and with HTTP, errors, contexts, plugins.
'use strict';
const { ApolloServer } = require('@apollo/server');
const { startStandaloneServer } = require('@apollo/server/standalone');

async function main() {
  const events = [];
  const server = new ApolloServer({
    typeDefs: '#graphql\n type Query { hello(name: String): String! secret: String boom: String } type Mutation { add(n: Int!): Int! }',
    resolvers: { Query: { hello: (_, { name = 'world' }) => `hello ${name}`, secret: (_, __, context) => context.token ?? null, boom: () => { throw new Error('boom'); } }, Mutation: { add: (_, { n }) => n + 1 } },
    includeStacktraceInErrorResponses: false,
    plugins: [{ async requestDidStart() { events.push('start'); return { async willSendResponse() { events.push('end'); } }; } }],
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' }, context: async ({ req }) => ({ token: req.headers.token }) });
  console.log(JSON.stringify((await server.executeOperation({ query: '{ hello(name: "ann") }' })).body.singleResult));
  const ask = async (query, variables, headers) => {
    const res = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
    console.log(res.status, res.headers.get('content-type'), await res.text());
  };
  await ask('{ hello secret }', {}, { token: 'abc' });
  await ask('mutation A($n: Int!) { add(n: $n) }', { n: 2 });
  await ask('{ boom hello }');
  await ask('{ nothing }');
  await ask('{');
  console.log((await fetch(`${url}?query={hello}`, { headers: { 'apollo-require-preflight': 'yes' } })).status, (await fetch(`${url}?query={hello}`)).status);
  await server.stop();
  console.log(events.length);
}
main();
