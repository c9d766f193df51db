// joi: objects, references, alternatives, own messages, asynchronous rules.
'use strict';
const Joi = require('joi');

async function main() {
  const schema = Joi.object({
    name: Joi.string().trim().min(2).max(10).required().messages({ 'string.min': 'too short: {#label}' }),
    email: Joi.string().email({ tlds: { allow: ['com'] } }),
    born: Joi.date().iso().less('2020-01-01'),
    from: Joi.number().integer(), to: Joi.number().greater(Joi.ref('from')),
    kind: Joi.alternatives().try(Joi.boolean(), Joi.array().items(Joi.string().lowercase()).unique()),
    again: Joi.any().valid(Joi.ref('name')),
  }).with('from', 'to').rename('mail', 'email');
  for (const value of [{ name: ' ann ', mail: 'a@b.com', born: '2000-01-01T00:00:00Z', from: 1, to: '2', kind: ['A', 'b'] }, { name: 'a', email: 'x@y.zz', from: 3 }, { name: 'longer than ten', to: 1, kind: ['a', 'a'], extra: 1 }, { name: 'ann', again: 'bob', born: 'never' }]) {
    const { value: result, error } = schema.validate(value, { abortEarly: false });
    console.log(result, error?.details.map((it) => `${it.type}: ${it.message}`));
  }
  const slow = Joi.string().external(async (value) => { if (value === 'taken') throw new Error('is taken'); return `${value}!`; });
  console.log(await slow.validateAsync('free'), await slow.validateAsync('taken').catch((error) => error.message));
  console.log(Joi.attempt('5', Joi.number()), Joi.isError(schema.validate({}).error), schema.describe().keys.from, schema.validate({}).error.annotate(true));
}
main();
