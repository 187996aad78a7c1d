/**
 * Reads a Stable-Baselines3 policy: torch checkpoints, and a JSON file in which objects stand as pickles in base64.
 *
 * Each of these pickles is unpickled when the policy is loaded, so each is analysed as any pickle is.
 *
 * Source: `stable_baselines3/common/save_util.py`, `data_to_json` and `json_to_data`, 1.0 to 2.7.
 */
import { isUtf8 } from 'node:buffer'
import { isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { JsonCursor } from '../json/cursor.ts'
import { memorySource } from '../memory-source.ts'
import { ANOMALIES as PICKLE_ANOMALIES, type PickleAnomaly } from '../pickle/anomalies.ts'
import { analysePickle } from '../pickle/engine/index.ts'
import { PickleParts } from '../pickle/parts.ts'
import type { ReadRequest } from '../reader.ts'
import { readZip, readZipMembers, ZIP_ANOMALIES, type ZipAnomaly, type ZipMember } from '../zip/index.ts'
import { openNoted } from '../zip/open-noted.ts'

const DATA = 'data'
const PICKLED = ':serialized:'
const LONGEST_DATA = 32 * 1024 * 1024
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/

interface Walk {
  readonly request: ReadRequest
  readonly facts: FactCollector<PickleAnomaly | ZipAnomaly>
  readonly parts: PickleParts
}

/** Reads the file. @throws Fault `budget-…` */
export function readPolicy(request: ReadRequest): FileFacts {
  const facts = new FactCollector<PickleAnomaly | ZipAnomaly>(request, 'stable-baselines', [
    ...PICKLE_ANOMALIES,
    ...ZIP_ANOMALIES,
  ])
  const walk: Walk = { request, facts, parts: new PickleParts(facts) }
  const { members } = readZip(request, facts)
  const data = members.find(({ name }) => name === DATA)
  if (data !== undefined) readData(walk, data)
  readZipMembers(request, facts, { members: members.filter((each) => each !== data) })
  return { ...facts.finish({ ...walk.parts.doubt, broken: 'listed' }), ...walk.parts.finish() }
}

function readData(walk: Walk, member: ZipMember): void {
  const { request, facts } = walk
  facts.claim('metadata', member.from, member.from + member.packedSize)
  const source = openNoted(request, facts, member)
  if (source === undefined) return
  if (source.size > LONGEST_DATA) return facts.leaveUnread(`${DATA} has ${source.size} bytes`)
  const bytes = source.read(0, source.size)
  if (!isUtf8(bytes)) return facts.leaveUnread(`${DATA} is not UTF-8`)
  const cursor = new JsonCursor(bytes, { budget: request.budget, report: (_, message) => facts.leaveUnread(message) })
  try {
    walkValue(walk, cursor, '')
    cursor.end()
  } catch (thrown) {
    if (!isFault(thrown, 'json-syntax')) throw thrown
    facts.leaveUnread(`${DATA} is no JSON: ${thrown.message}`)
  }
}

/** Walks a value and takes every pickle in it. */
function walkValue(walk: Walk, cursor: JsonCursor, pointer: string): void {
  const kind = cursor.kind()
  if (kind === 'array') return cursor.array((index) => walkValue(walk, cursor, `${pointer}/${index}`))
  if (kind !== 'object') return cursor.skip()
  cursor.object((key) => {
    if (key === PICKLED && cursor.kind() === 'string') takePickle(walk, cursor.string(), pointer)
    else walkValue(walk, cursor, `${pointer}/${key.slice(0, 64)}`)
  })
}

function takePickle({ request, facts, parts }: Walk, text: string, pointer: string): void {
  const part = `${DATA}#${pointer}`.slice(0, 200)
  if (!BASE64.test(text)) return facts.leaveUnread(`${part} is no base64`)
  const bytes = Buffer.from(text, 'base64')
  request.budget.spendUnpacked(bytes.length)
  const source = memorySource(bytes, request.budget)
  const analysis = analysePickle({ ...request, source }, 0, { persistent: 'none', locus: part })
  parts.add(analysis, { part, shift: undefined })
  if (analysis.end < bytes.length) facts.leaveUnread(`bytes follow the pickle of ${part}`)
}
