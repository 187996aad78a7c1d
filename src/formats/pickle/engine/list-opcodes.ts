/**
 * The listing: the first opcodes of a stream with their arguments, for a person.
 */
import { isFault } from '../../../base/index.ts'
import type { OpcodeFact } from '../../facts.ts'
import { PageReader } from '../../page-reader.ts'
import { describeArgument } from '../arguments.ts'
import { OpcodeStream } from '../opcode-stream.ts'
import type { Machine } from './machine.ts'

/** Opcodes that are listed; the others are counted. */
const MOST_LISTED = 10_000

/** Lists the opcodes that the machine has run. */
export function listOpcodes(m: Machine): readonly OpcodeFact[] {
  const listed: OpcodeFact[] = []
  const cursor = new PageReader(m.request.source, { at: m.from })
  const stream = new OpcodeStream(cursor)
  const jumps = [...m.jumps]
  try {
    while (listed.length < Math.min(m.count, MOST_LISTED)) {
      if (jumps[0]?.from === cursor.at) cursor.seek(jumps.shift()?.to ?? cursor.at)
      const { name } = stream.next()
      const argument = describeArgument(stream)
      listed.push({ offset: stream.offset, name, ...(argument === undefined ? {} : { argument }) })
    }
  } catch (thrown) {
    if (!isFault(thrown) || !thrown.code.startsWith('pkl-')) throw thrown
  }
  return listed
}
