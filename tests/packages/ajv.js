// ajv: compiled schemas, references, formats of errors, own keywords, code for later.
'use strict';
const Ajv = require('ajv');
const Ajv2020 = require('ajv/dist/2020');
const standalone = require('ajv/dist/standalone').default;

const ajv = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true, code: { source: true } });
ajv.addKeyword({ keyword: 'even', type: 'number', validate: (on, n) => !on || n % 2 === 0 });
ajv.addSchema({ $id: 'tree', type: 'object', properties: { value: { type: 'integer', even: true }, children: { type: 'array', items: { $ref: 'tree' } }, size: { default: 'small', enum: ['small', 'big'] } }, required: ['value'], additionalProperties: false });
const tree = ajv.getSchema('tree');
for (const value of [{ value: '2', children: [{ value: 4 }] }, { value: 3, children: [{}], more: 1 }, { value: 'x' }, null]) {
  console.log(tree(value), JSON.stringify(value), ajv.errorsText(tree.errors));
}
console.log(tree({ value: 1 }) || tree.errors);
const pairs = new Ajv2020().compile({ type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false, unevaluatedItems: false });
console.log(pairs(['a', 1]), pairs(['a', 1, 2]), pairs.errors[0].message);
const check = new Ajv({ code: { source: true } });
const loaded = { exports: {} };
new Function('module', 'exports', 'require', standalone(check, check.compile({ type: 'string', minLength: 2, pattern: '^ü' })))(loaded, loaded.exports, require);
console.log(loaded.exports('üb'), loaded.exports('x'), loaded.exports.errors.map((e) => e.keyword));
try { ajv.compile({ type: 'strange' }); } catch (error) { console.log(error.message); }
