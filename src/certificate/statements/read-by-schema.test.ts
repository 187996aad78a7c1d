import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { canonicalJson, isFault, parseStrictJson } from '../../base/index.ts'
import { applyChange, changes, documentsOf } from '../../testing/by-schema.ts'
import { SchemaReader } from './read-by-schema.ts'
import { checkKeywords, SchemaSet, type Schema } from './schema.ts'
import { COMMON_SCHEMA, predicateTypeOf, REGISTER_LEAF_SCHEMA, STATEMENT_KINDS, STATEMENT_SCHEMAS } from './schemas.ts'

const set = new SchemaSet(COMMON_SCHEMA)
const reader = new SchemaReader(COMMON_SCHEMA)
const ajv = addFormats.default(new Ajv2020({ strict: true, strictTypes: false }))
const schemas = [...STATEMENT_KINDS.map((kind) => STATEMENT_SCHEMAS[kind]), REGISTER_LEAF_SCHEMA]
for (const schema of [COMMON_SCHEMA, ...schemas]) ajv.addSchema(schema)

function validatorOf({ $id = '' }: Schema): ValidateFunction {
  const validate = ajv.getSchema($id)
  assert.ok(validate, $id)
  return validate
}

/** What our reader makes of a document; undefined when it refuses it. */
function read(document: unknown, schema: Schema): unknown {
  try {
    const value = parseStrictJson(Buffer.from(canonicalJson(document)), { maxBytes: 2 ** 25 })
    return reader.read(value, schema, 'document')
  } catch (thrown) {
    assert.ok(isFault(thrown), String(thrown))
    assert.match(thrown.code, /^(json-type|predicate-member)$/)
    return undefined
  }
}

test('checkKeywords() finds nothing in our schemas that the reader does not hold', () => {
  for (const schema of [COMMON_SCHEMA, ...schemas]) checkKeywords(schema)
  assert.throws(() => checkKeywords({ properties: { a: { type: 'string', not: {} } as Schema } }), {
    code: 'schema-keyword',
  })
  assert.throws(() => checkKeywords({ items: { $ref: '#/$defs/name', maxLength: 3 } }), { code: 'schema-keyword' })
  assert.throws(() => checkKeywords({ items: { type: 'array' } }), { code: 'schema-keyword' })
  assert.throws(() => checkKeywords({ $defs: { a: { type: 'integer', minimum: 0 } } }), { code: 'schema-keyword' })
  assert.throws(() => checkKeywords({ anyOf: [{ type: 'object' }, { type: 'object' }] }), { code: 'schema-keyword' })
})

test('the $id of a schema is the predicate type of its kind', () => {
  for (const kind of STATEMENT_KINDS) assert.equal(STATEMENT_SCHEMAS[kind].$id, predicateTypeOf(kind))
})

for (const schema of schemas) {
  const validate = validatorOf(schema)
  test(`SchemaReader takes and gives back every valid ${schema.title}, as ajv does`, () => {
    fc.assert(
      fc.property(documentsOf(schema, set), (document) => {
        assert.ok(validate(document), JSON.stringify(validate.errors))
        assert.equal(canonicalJson(read(document, schema)), canonicalJson(document))
      }),
      { numRuns: 25 },
    )
  })

  test(`SchemaReader refuses what ajv refuses of a changed ${schema.title}, and nothing else`, () => {
    const outcomes = { valid: 0, invalid: 0 }
    fc.assert(
      fc.property(documentsOf(schema, set), changes, (document, change) => {
        const changed = applyChange(document, change)
        const isValid = validate(changed)
        outcomes[isValid ? 'valid' : 'invalid']++
        assert.equal(read(changed, schema) !== undefined, isValid, JSON.stringify(changed))
      }),
      { numRuns: 120 },
    )
    assert.ok(outcomes.invalid > 40, JSON.stringify(outcomes))
  })
}

test('SchemaReader finds the same twice in a list of whatever', () => {
  const schema: Schema = {
    type: 'array',
    maxItems: 3,
    uniqueItems: true,
    items: { type: 'object', title: 'A', properties: { a: { type: 'integer', minimum: 0, maximum: 9 } } },
  }
  assert.deepEqual(read([{ a: 1 }, { a: 2 }], schema), [{ a: 1 }, { a: 2 }])
  assert.equal(read([{ a: 1 }, { a: 1 }], schema), undefined)
})

test('SchemaReader keeps a member called __proto__ a member', () => {
  const schema: Schema = {
    type: 'object',
    maxProperties: 2,
    propertyNames: { pattern: '^[a-z_]+$' },
    additionalProperties: { type: 'string' },
  }
  const value = reader.read(new Map([['__proto__', 'x']]), schema, 'map')
  assert.deepEqual(Object.entries(value as object), [['__proto__', 'x']])
  assert.equal(Object.getPrototypeOf(value), Object.prototype)
})
