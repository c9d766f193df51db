// graphql: schemas, validation, execution, introspection, subscriptions.
'use strict';
const { buildSchema, graphql, parse, print, printSchema, validate, subscribe, getIntrospectionQuery, GraphQLObjectType, GraphQLSchema, GraphQLString, GraphQLList } = require('graphql');

async function main() {
  const schema = buildSchema('type Query { people(first: Int = 2): [Person!]! fail: String } type Person { name: String! friends: [Person!] kind: Kind } enum Kind { GOOD BAD } type Subscription { ticks: Int }');
  const ann = { name: 'ann', kind: 'GOOD', friends: async () => [bob] };
  const bob = { name: 'bob', kind: 'BAD', friends: () => { throw new Error('bob has none'); } };
  const rootValue = { people: ({ first }) => [ann, bob].slice(0, first), fail: async () => { throw new RangeError('failed'); } };
  const ask = async (source, variableValues) => console.log(JSON.stringify(await graphql({ schema, source, rootValue, variableValues })));
  await ask('{ people { name kind friends { name } } }');
  await ask('query Q($n: Int!) { people(first: $n) { ...F } } fragment F on Person { n: name }', { n: 1 });
  await ask('{ fail }');
  await ask('{ people(first: "x") { nam } }');
  await ask('{ people { name }');
  console.log(print(parse('query { a(b:[1,{c:"d"}]) @include(if:$x) { ...on T {e} } }')), validate(schema, parse('{ people }')).map((error) => error.message));
  const own = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { list: { type: new GraphQLList(GraphQLString), resolve: async function* list() { yield 'a'; yield 'b'; } } } }) });
  console.log(printSchema(own), (await graphql({ schema: own, source: getIntrospectionQuery() })).data.__schema.types.length, await graphql({ schema: own, source: '{ list }' }));
  for await (const it of await subscribe({ schema, document: parse('subscription { ticks }'), rootValue: { ticks: async function* ticks() { yield { ticks: 1 }; yield { ticks: 2 }; } } })) console.log(JSON.stringify(it));
}
main();
