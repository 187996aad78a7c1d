/**
 * JSON Schema, as much of it as our statements use.
 *
 * The schemas beside this file are the source of the types, of the published documentation and of the reader. A keyword
 * that is not listed here is a fault of the schema, and a test refuses it: a rule that is written down and not held would
 * be worse than none.
 *
 * Source: JSON Schema draft 2020-12, core and validation.
 */
import { Fault } from '../../base/index.ts'

/** A schema or a part of one; see {@link KEYWORDS}. */
export interface Schema {
  readonly $schema?: string
  readonly $id?: string
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly title?: string
  readonly description?: string
  readonly type?: 'object' | 'array' | 'string' | 'integer'
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly unevaluatedProperties?: boolean
  readonly propertyNames?: { readonly pattern: string }
  readonly maxProperties?: number
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

/** Keywords that the reader holds; any other is refused by {@link checkKeywords}. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    '$schema $id $ref $defs title description type const enum pattern format minLength maxLength minimum maximum ' +
    'items minItems maxItems uniqueItems properties required additionalProperties unevaluatedProperties propertyNames ' +
    'maxProperties allOf anyOf'
  ).split(' '),
)

function partsOf(schema: Schema): readonly Schema[] {
  const { items, additionalProperties, properties = {}, $defs = {}, allOf = [], anyOf = [] } = schema
  const extra = typeof additionalProperties === 'object' ? [additionalProperties] : []
  return [
    ...Object.values(properties),
    ...Object.values($defs),
    ...allOf,
    ...anyOf,
    ...extra,
    ...(items ? [items] : []),
  ]
}

function isBounded({ type, maxItems, minimum, maximum, anyOf = [] }: Schema): boolean {
  return (
    (type !== 'array' || maxItems !== undefined) &&
    (type !== 'integer' || (minimum !== undefined && maximum !== undefined)) &&
    anyOf.slice(0, -1).every((choice) => typeof choice.const === 'string')
  )
}

/**
 * Refuses a schema that the reader would not hold to the letter: an unknown keyword, a keyword beside a reference, a list
 * without `maxItems`, an integer without bounds, choices other than words and at last one shape.
 *
 * @throws Fault `schema-keyword`
 */
export function checkKeywords(schema: Schema): void {
  for (const keyword of Object.keys(schema)) {
    if (!KEYWORDS.has(keyword)) throw new Fault('schema-keyword', `the reader does not hold "${keyword}"`)
  }
  const { $ref, title = '' } = schema
  const beside = Object.keys(schema).find((keyword) => keyword !== '$ref' && keyword !== 'description')
  if ($ref !== undefined && beside !== undefined)
    throw new Fault('schema-keyword', `the reader does not hold "${beside}" beside the reference ${$ref}`)
  if (!isBounded(schema)) throw new Fault('schema-keyword', `a part of the schema ${title} has no bounds`)
  partsOf(schema).forEach(checkKeywords)
}

const REFERENCE = /^(?:\.\.\/common\/v0\.1)?#\/\$defs\/(\w+)$/

/** Finds what `$ref` of one schema stands for, in itself or in the common part. */
export class SchemaSet {
  readonly #common: Schema

  constructor(common: Schema) {
    this.#common = common
  }

  /** Follows references to the end; a schema without one is itself. @throws Fault `schema-reference` */
  resolve(schema: Schema): Schema {
    const { $ref } = schema
    if ($ref === undefined) return schema
    const found = this.#common.$defs?.[nameReference($ref)]
    if (found === undefined) throw new Fault('schema-reference', `nothing is called ${$ref}`)
    return this.resolve(found)
  }

  /** The members that an object may and must have, those of `allOf` included. */
  shapeOf(schema: Schema): {
    readonly properties: ReadonlyMap<string, Schema>
    readonly required: ReadonlySet<string>
  } {
    const parents = (schema.allOf ?? []).map((parent) => this.shapeOf(this.resolve(parent)))
    return {
      properties: new Map([
        ...parents.flatMap(({ properties }) => [...properties]),
        ...Object.entries(schema.properties ?? {}),
      ]),
      required: new Set([...parents.flatMap(({ required }) => [...required]), ...(schema.required ?? [])]),
    }
  }
}

/** The name that a reference ends in; all definitions stand in the common part. @throws Fault `schema-reference` */
export function nameReference(reference: string): string {
  const name = REFERENCE.exec(reference)?.[1]
  if (name === undefined) throw new Fault('schema-reference', `${reference.slice(0, 100)} leads outside our schemas`)
  return name
}
