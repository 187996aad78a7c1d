import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { canonicalJson, isFault, parseStrictJson } from '../../base/index.ts'
import { applyChange, changes, documentsOf } from '../../testing/by-schema.ts'
import { SchemaReader } from './read-by-schema.ts'
import { checkKeywords, SchemaSet, type Schema } from './schema.ts'
import { COMMON_SCHEMA, predicateTypeOf, STATEMENT_KINDS, STATEMENT_SCHEMAS, type StatementKind } from './schemas.ts'

const set = new SchemaSet(COMMON_SCHEMA)
const reader = new SchemaReader(COMMON_SCHEMA)
const ajv = addFormats.default(new Ajv2020({ strict: true, strictTypes: false }))
for (const schema of [COMMON_SCHEMA, ...Object.values(STATEMENT_SCHEMAS)]) ajv.addSchema(schema)

function validatorOf(kind: StatementKind): ValidateFunction {
  const validate = ajv.getSchema(predicateTypeOf(kind))
  assert.ok(validate, kind)
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
  for (const schema of [COMMON_SCHEMA, ...Object.values(STATEMENT_SCHEMAS)]) checkKeywords(schema)
  assert.throws(() => checkKeywords({ properties: { a: { type: 'string', not: {} } as Schema } }), {
    code: 'schema-keyword',
  })
  assert.throws(() => checkKeywords({ items: { type: 'array' } }), { code: 'schema-keyword' })
  assert.throws(() => checkKeywords({ $defs: { a: { type: 'integer', minimum: 0 } } }), { code: 'schema-keyword' })
  assert.throws(() => checkKeywords({ anyOf: [{ type: 'object' }, { type: 'object' }] }), { code: 'schema-keyword' })
})

for (const kind of STATEMENT_KINDS) {
  test(`SchemaReader takes and gives back every valid ${kind}, as ajv does`, () => {
    const [schema, validate] = [STATEMENT_SCHEMAS[kind], validatorOf(kind)]
    fc.assert(
      fc.property(documentsOf(schema, set), (document) => {
        assert.ok(validate(document), JSON.stringify(validate.errors))
        assert.equal(canonicalJson(read(document, schema)), canonicalJson(document))
      }),
      { numRuns: 25 },
    )
  })

  test(`SchemaReader refuses what ajv refuses of a changed ${kind}, and nothing else`, () => {
    const [schema, validate] = [STATEMENT_SCHEMAS[kind], validatorOf(kind)]
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
