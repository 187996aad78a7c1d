/**
 * The members of an archive whose directory is lost: those that a stream shows, from the first local header on.
 *
 * An archive that was cut, or that lies in a gap, has no directory; readers of streams open it none the less, so what
 * they would see is read. It is never sound.
 */
import { isFault } from '../../base/index.ts'
import { readContent } from '../byte-source.ts'
import { PackedInput, unpack, Inflater, type Unpacker } from '../unpacking/index.ts'
import type { ZipContext } from './context.ts'
import { isEncrypted } from './entries.ts'
import { parseExtra, widen } from './extra-fields.ts'
import type { ZipMember } from './index.ts'
import { decodeMemberName } from './member-name.ts'
import { DESCRIPTOR, LOCAL } from './signatures.ts'

const HEADER_BYTES = 30
const DESCRIPTOR_FLAG = 0x0008
const DEFLATED = 8
const MOST_SALVAGED = 4096

/** Members from the beginning of the file on, as far as each says or shows where it ends. @throws Fault `budget-…` */
export function salvageMembers(context: ZipContext): readonly ZipMember[] {
  const members: ZipMember[] = []
  let at = 0
  while (members.length < MOST_SALVAGED) {
    const member = readMember(context, at)
    if (member === undefined) return members
    context.facts.claim('header', at, member.from)
    members.push(member)
    at = passDescriptor(context, member.from + member.packedSize)
  }
  return members
}

function readMember({ source, request }: ZipContext, at: number): ZipMember | undefined {
  const room = source.size - at
  if (room < HEADER_BYTES) return undefined
  const fixed = Buffer.from(readContent(source, at, HEADER_BYTES))
  const length = HEADER_BYTES + fixed.readUInt16LE(26) + fixed.readUInt16LE(28)
  if (fixed.readUInt32LE(0) !== LOCAL || length > room) return undefined
  request.budget.spendItems()
  const rest = Buffer.from(readContent(source, at + HEADER_BYTES, length - HEADER_BYTES))
  const nameBytes = rest.subarray(0, fixed.readUInt16LE(26))
  const extra = parseExtra(rest.subarray(nameBytes.length), nameBytes)
  const said = widen({ size: fixed.readUInt32LE(22), packedSize: fixed.readUInt32LE(18) }, extra)
  const rawName = nameBytes.toString('latin1')
  const member: ZipMember = {
    name: decodeMemberName(rawName),
    method: fixed.readUInt16LE(8),
    crc: fixed.readUInt32LE(14),
    from: at + length,
    packedSize: said.packedSize,
    size: said.size,
    headerFrom: at,
    isFolder: rawName.endsWith('/'),
    encrypted: isEncrypted(fixed.readUInt16LE(6), fixed.readUInt16LE(8), extra),
  }
  const isOpen = (fixed.readUInt16LE(6) & DESCRIPTOR_FLAG) !== 0 && said.packedSize === 0
  const sized = isOpen ? measure(request, member) : member
  if (sized === undefined || sized.from + sized.packedSize <= source.size) return sized
  // The last member of an archive that was cut: what is there of it.
  const packedSize = source.size - sized.from
  return { ...sized, packedSize, size: sized.method === DEFLATED ? sized.size : packedSize }
}

/** Unpacks a member that does not say where it ends, which only deflate shows. */
function measure({ source, budget }: ZipContext['request'], member: ZipMember): ZipMember | undefined {
  if (member.method !== DEFLATED || member.encrypted) return undefined
  const { from } = member
  let input = new PackedInput(source, from, source.size)
  const start = (): Unpacker => {
    input = new PackedInput(source, from, source.size)
    return new Inflater(input)
  }
  try {
    const { size, crc, broken } = unpack({ start, packedSize: source.size - from, budget })
    return broken === undefined ? { ...member, size, crc, packedSize: input.offset - from } : undefined
  } catch (thrown) {
    if (isFault(thrown) && thrown.code === 'expansion-bomb') return undefined
    throw thrown
  }
}

function passDescriptor({ source, facts }: ZipContext, at: number): number {
  if (at + 16 > source.size || Buffer.from(readContent(source, at, 4)).readUInt32LE(0) !== DESCRIPTOR) return at
  facts.claim('header', at, at + 16)
  return at + 16
}
