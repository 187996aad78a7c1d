/**
 * Reads bytes with a format reader as the tests of all readers want it.
 */
import assert from 'node:assert/strict'
import { accountFor, type Accounting } from '../formats/claims.ts'
import { Budget, type BudgetLimits } from '../formats/budget.ts'
import type { ByteSource } from '../formats/byte-source.ts'
import type { FileFacts } from '../formats/facts.ts'
import { memorySource } from '../formats/memory-source.ts'
import { readFile } from '../formats/read-file.ts'
import type { FormatReader, Member } from '../formats/reader.ts'

/** What reading came to. */
export interface BytesRead {
  readonly facts: FileFacts
  /** What was read within it. */
  readonly members: readonly FileFacts[]
  readonly accounting: Accounting
  /** Codes of the anomalies, without repetition. */
  readonly codes: readonly string[]
  readonly budget: Budget
}

/** A source that fails the test when a reader asks for bytes outside the file. */
function guardedSource(bytes: Uint8Array, budget: Budget): ByteSource {
  const source = memorySource(bytes, budget)
  return {
    size: source.size,
    read(offset, length) {
      assert.ok(offset >= 0 && length >= 0 && offset + length <= bytes.length, `read of ${length} at ${offset}`)
      return source.read(offset, length)
    },
  }
}

/** Reads, and checks that every claim lies inside the file. */
export function readBytes(
  reader: FormatReader,
  bytes: Uint8Array,
  options: {
    readonly path?: string
    readonly limits?: Partial<BudgetLimits>
    /** By whom members are read; by the reader itself unless told. */
    readonly readers?: readonly FormatReader[]
  } = {},
): BytesRead {
  const budget = new Budget(options.limits)
  const source = guardedSource(bytes, budget)
  const members: FileFacts[] = []
  const readMember = (member: Member): FileFacts => {
    const path = `${options.path ?? 'model.bin'}!/${member.name}`
    const found = readFile({ path, source: member.source, budget }, options.readers ?? [reader])
    members.push(found, ...(found.members ?? []))
    return found
  }
  const facts = reader.read({ path: options.path ?? 'model.bin', source, budget, depth: 0, peek: false, readMember })
  const accounting = accountFor(facts.claims, source)
  assert.ok(!accounting.anomalies.some(({ code }) => code === 'bytes-outside'), 'a claim lies outside the file')
  for (const { file, offset, length, packed } of facts.tensors)
    assert.ok(packed !== undefined || file !== facts.path || offset + length <= bytes.length, 'a tensor lies outside')
  return { facts, members, accounting, codes: [...new Set(facts.anomalies.map(({ code }) => code))], budget }
}

/** What a sniffer sees of these bytes. */
export function glimpse(bytes: Uint8Array, path = 'model.bin'): Parameters<FormatReader['sniff']>[0] {
  return {
    path,
    size: bytes.length,
    head: bytes.subarray(0, 4096),
    tail: bytes.subarray(Math.max(0, bytes.length - 4096)),
  }
}
