// zod: objects, unions, transforms, errors, JSON schemas.
'use strict';
const { z } = require('zod');

const user = z.object({
  name: z.string().min(2).transform((text) => text.toUpperCase()),
  age: z.coerce.number().int().positive().optional(),
  role: z.enum(['admin', 'user']).default('user'),
  contact: z.discriminatedUnion('type', [z.object({ type: z.literal('mail'), address: z.email() }), z.object({ type: z.literal('phone'), number: z.string().regex(/^\d+$/) })]),
  tags: z.set(z.string()).or(z.array(z.string())).nullable(),
}).strict();
console.log(user.parse({ name: 'ann', age: '30', contact: { type: 'mail', address: 'a@b.org' }, tags: new Set(['x']) }));
const failed = user.safeParse({ name: 'a', age: -1, contact: { type: 'phone', number: 'x' }, tags: 1, more: true });
console.log(failed.success, failed.error.issues, z.prettifyError(failed.error), z.flattenError(failed.error).fieldErrors);
const list = z.lazy(() => z.object({ value: z.bigint(), next: list.nullable() }));
console.log(list.parse({ value: 1n, next: { value: 2n, next: null } }), z.toJSONSchema(z.object({ a: z.string(), b: z.array(z.number().max(3)) })));
z.string().refine(async (text) => text.length > 1, { error: 'short' }).spa('x').then((result) => console.log(result.error.issues));
try { z.date().parse('no'); } catch (error) { console.log(error.name, error.message); }
