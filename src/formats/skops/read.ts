/**
 * Reads a skops model: the tree of nodes in its schema, and the arrays beside it.
 *
 * What the schema names becomes a reference, each name once. Nothing is built or looked up; which of the names are
 * harmless is decided by a list.
 */
import { isUtf8 } from 'node:buffer'
import { isFault } from '../../base/index.ts'
import { Budget } from '../budget.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { JsonCursor } from '../json/cursor.ts'
import { quoteName } from '../names.ts'
import type { ReadRequest } from '../reader.ts'
import { readZip, readZipMembers, ZIP_ANOMALIES, type ZipAnomaly, type ZipMember } from '../zip/index.ts'
import { openNoted } from '../zip/open-noted.ts'
import { ANOMALIES, type SkopsAnomaly } from './anomalies.ts'
import { judgeNode, type SkopsNode } from './judge-node.ts'
import { walkSchema } from './schema.ts'

/** The record that makes a zip a skops model. */
export const SCHEMA = 'schema.json'
const LONGEST_SCHEMA = 64 * 1024 * 1024
/** An object within an object is four levels of JSON deeper. */
const DEEPEST = 1024

interface Walk {
  readonly request: ReadRequest
  readonly facts: FactCollector<SkopsAnomaly | ZipAnomaly>
  readonly named: Set<string>
  readonly files: ReadonlySet<string>
}

/** Reads the file. @throws Fault `budget-…` */
export function readSkops(request: ReadRequest): FileFacts {
  const facts = new FactCollector<SkopsAnomaly | ZipAnomaly>(request, 'skops', [...ANOMALIES, ...ZIP_ANOMALIES])
  const { members } = readZip(request, facts)
  const walk: Walk = { request, facts, named: new Set(), files: new Set(members.map(({ name }) => name)) }
  const schema = members.find(({ name }) => name === SCHEMA)
  if (schema === undefined) facts.anomalies.add('sko-schema', 'there is no schema.json', { locus: SCHEMA })
  else readSchema(walk, schema)
  readZipMembers(request, facts, { members: members.filter((each) => each !== schema), role: 'tensor' })
  return facts.finish({ broken: 'listed' })
}

function readSchema(walk: Walk, member: ZipMember): void {
  const { request, facts } = walk
  facts.claim('metadata', member.from, member.from + member.packedSize)
  const source = openNoted(request, facts, member)
  if (source === undefined) return
  if (source.size > LONGEST_SCHEMA) return refuse(walk, `${source.size} bytes; at most ${LONGEST_SCHEMA} are read`)
  const bytes = source.read(0, source.size)
  if (!isUtf8(bytes)) return refuse(walk, 'it is not UTF-8')
  const budget = new Budget({ ...request.budget.limits, depth: DEEPEST })
  const cursor = new JsonCursor(bytes, { budget, report: (_, message) => refuse(walk, message) })
  try {
    if (cursor.kind() !== 'object') return refuse(walk, 'it is no object')
    walkSchema(cursor, (node, pointer, file) => takeNode(walk, node, { pointer, file }))
    cursor.end()
  } catch (thrown) {
    if (!isFault(thrown, 'json-syntax')) throw thrown
    refuse(walk, thrown.message)
  }
}

function refuse({ facts }: Walk, what: string): void {
  facts.anomalies.add('sko-schema', `the schema: ${what}`, { locus: SCHEMA })
}

interface NodePlace {
  readonly pointer: string
  readonly file: string | undefined
}

function takeNode(walk: Walk, node: SkopsNode, { pointer, file }: NodePlace): void {
  const { facts, named, request } = walk
  request.budget.spendItems()
  const locus = `${SCHEMA}#${pointer.slice(0, 200)}`
  if (file !== undefined && !walk.files.has(file)) refuse(walk, `${quoteName(file)} is not in the archive`)
  const target = `${node.module}.${node.name}`.slice(0, 1024).toWellFormed()
  if (node.loader !== 'JsonNode' && !named.has(target)) {
    named.add(target)
    facts.reference({ kind: 'class', target, locus })
  }
  const objection = judgeNode(node)
  if (objection === undefined) return
  facts.anomalies.add(
    objection.code,
    `the node at ${quoteName(pointer, 200)} ${objection.why.slice(0, 300).toWellFormed()}`,
    { locus },
  )
}
