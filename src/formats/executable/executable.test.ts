import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { executableReaders } from './index.ts'

/** The smallest program of each kind, each with four bytes of content, made from its fields. */
function bytesOf(...fields: readonly (readonly [size: number, value: number | string])[]): Buffer {
  return Buffer.concat(
    fields.map(([size, value]) => {
      const bytes = Buffer.alloc(size)
      if (typeof value === 'string') bytes.write(value, 'latin1')
      else if (value === 0) return bytes
      else if (size === 8) bytes.writeBigUInt64LE(BigInt(value))
      else bytes.writeUIntLE(value, 0, size)
      return bytes
    }),
  )
}

const ELF = bytesOf(
  [16, '\x7fELF\x02\x01\x01'], [2, 3], [2, 62], [4, 1], [8, 0], [8, 64], [8, 0], [4, 0], [2, 64], [2, 56], [2, 1], [2, 64],
  [2, 0], [2, 0], [4, 1], [4, 5], [8, 120], [8, 0], [8, 0], [8, 4], [8, 4], [8, 1], [4, 'code'],
) // prettier-ignore
const PE = bytesOf(
  [60, 'MZ'], [4, 64], [4, 'PE'], [2, 0x8664], [2, 1], [12, 0], [2, 0], [2, 0x2022], [8, '.text'], [4, 4], [4, 4096],
  [4, 4], [4, 128], [16, ''], [4, 'code'],
) // prettier-ignore
const MACH_O = bytesOf(
  [4, 0xfeedfacf], [4, 0x100000c], [4, 0], [4, 6], [4, 1], [4, 72], [4, 0], [4, 0], [4, 0x19], [4, 72], [16, '__TEXT'],
  [8, 0], [8, 0], [8, 104], [8, 4], [16, ''], [4, 'code'],
) // prettier-ignore
const WASM = bytesOf([4, '\0asm'], [4, 1], [1, 10], [1, 4], [4, 'code'])
const FAT = Buffer.concat([Buffer.from('cafebabe000000010100000c00000000', 'hex'), Buffer.from('0000001c', 'hex'), Buffer.from('0000006c00000000', 'hex'), MACH_O]) // prettier-ignore

const SAMPLES = [
  ['elf', ELF, 'x86-64', 'library'],
  ['portable-executable', PE, 'x86-64', 'library'],
  ['mach-o', MACH_O, 'arm64', 'library'],
  ['mach-o', FAT, 'arm64', 'library'],
  ['wasm', WASM, 'wasm', 'module'],
] as const

function readerOf(format: string) {
  return executableReaders.find((reader) => reader.format === format) ?? assert.fail(format)
}

for (const [format, bytes, machine, kind] of SAMPLES) {
  test(`executableReaders know ${format} for ${machine} and where it ends, and never clear it`, () => {
    assert.equal(readerOf(format).sniff(glimpse(bytes)), 'magic')
    const { facts, codes, accounting } = readBytes(readerOf(format), bytes)
    const told = new Map(facts.metadata.map(({ key, value }) => [key, value]))
    assert.deepEqual([facts.reading, codes, accounting.complete], ['listed', ['exe-program'], true])
    assert.deepEqual([told.get('program.machine'), told.get('program.kind')], [machine, kind])
    const longer = readBytes(readerOf(format), Buffer.concat([bytes, Buffer.from('\xffpayload', 'latin1')]))
    assert.deepEqual([longer.accounting.complete, longer.accounting.anomalies[0]?.offset], [false, bytes.length])
  })

  test(`executableReaders say of ${format} that is cut anywhere that it is broken`, () => {
    for (let length = 4; length < bytes.length; length++) {
      const { codes } = readBytes(readerOf(format), bytes.subarray(0, length))
      const isBetweenSections = format === 'wasm' && length === 8
      assert.ok(isBetweenSections || codes.includes('exe-broken'), `cut to ${length}`)
    }
  })
}

test('executableReaders of mutated programs throw nothing but Fault', () => {
  const property = fc.property(fc.constantFrom(...SAMPLES), fc.nat(), fc.nat(255), ([format, original], at, byte) => {
    const bytes = Uint8Array.from(original)
    bytes[at % bytes.length] = byte
    try {
      for (const reader of executableReaders) reader.sniff(glimpse(bytes))
      readBytes(readerOf(format), bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 1000 })
})

const HERE = process.execPath
test('executableReaders read the program that runs this test', { skip: existsSync(HERE) ? false : `${HERE} is not there` }, () => {
  const bytes = readFileSync(HERE)
  const reader = executableReaders.find(({ sniff }) => sniff(glimpse(bytes)) === 'magic') ?? assert.fail()
  const { codes, accounting } = readBytes(reader, bytes, { limits: { bytes: 2 ** 40 } })
  assert.deepEqual([codes, accounting.complete], [['exe-program'], true])
}) // prettier-ignore
