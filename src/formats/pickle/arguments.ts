/**
 * Arguments of opcodes as text: escaped, cut, and exact where that is short.
 */
import { quoteName } from '../names.ts'
import type { OpcodeStream } from './opcode-stream.ts'

const MOST = 256
const MOST_NUMBER = 64
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

/** The argument of the opcode read last, or undefined when it takes none. */
export function describeArgument(stream: OpcodeStream): string | undefined {
  const { opcode } = stream
  switch (opcode?.kind) {
    case undefined:
    case 'none':
      return undefined
    case 'global':
      return describeGlobal(stream)
    case 'text':
      return quoteName(lenient.decode(stream.payload(4 * MOST)), MOST)
    case 'bytes':
      return describeBytes(stream)
    default:
      return describeNumber(stream)
  }
}

function describeGlobal(stream: OpcodeStream): string {
  const [module = '', name = ''] = readLines(stream)
  return `${quoteName(module, MOST / 2).slice(1, -1)} ${quoteName(name, MOST / 2 - 1).slice(1, -1)}`
}

/** The module and the name of a GLOBAL or INST, each at most 1,024 bytes. */
export function readLines(stream: OpcodeStream): readonly string[] {
  return Buffer.from(stream.payload(2048)).toString('utf8').split('\n')
}

function describeBytes(stream: OpcodeStream): string {
  const hex = Buffer.from(stream.payload(32)).toString('hex')
  return stream.to - stream.from > 32 ? `${hex}… (${stream.to - stream.from} bytes)` : hex
}

function describeNumber(stream: OpcodeStream): string {
  const form = stream.opcode?.form
  if (form === 'line') return quoteName(Buffer.from(stream.payload(MOST)).toString('latin1'), MOST).slice(1, -1)
  if (form !== 'counted8' && form !== 'signed-counted32') return String(stream.value)
  return stream.value > MOST_NUMBER ? `${stream.value} bytes` : String(decodeLong(stream.payload(MOST_NUMBER)))
}

/** The number of a LONG1 or LONG4: little-endian two's complement. */
function decodeLong(bytes: Uint8Array): bigint {
  const unsigned = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return BigInt.asIntN(8 * bytes.length, unsigned)
}
