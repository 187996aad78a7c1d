/**
 * Pickles to measure with: one that is nothing but opcodes, and many small ones.
 *
 * Both are what `pickle.dumps(…, 2)` writes of lists of tuples of small numbers and of settings.
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const PIECE = 1000

function le32(value: number): readonly number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]
}

/** One tuple of three numbers, memoised: five opcodes. */
function tuple(i: number, memo: number): readonly number[] {
  return [0x4b, i % 250, 0x4b, i % 3, 0x4a, ...le32(-i), 0x87, 0x72, ...le32(memo)]
}

/** Writes a list of so many tuples. */
export function writeDensePickle(path: string, tuples: number): void {
  const file = openSync(path, 'w')
  writeSync(file, Buffer.from([0x80, 2, 0x5d, 0x71, 0]))
  for (let i = 0; i < tuples; i += PIECE) {
    const bytes = Array.from({ length: Math.min(PIECE, tuples - i) }, (_, j) => tuple(i + j, i + j + 1)).flat()
    writeSync(file, Buffer.from([0x28, ...bytes, 0x65]))
  }
  writeSync(file, Buffer.from('.'))
  closeSync(file)
}

/** Writes a folder of so many pickles, each a dict of some settings. */
export function writeSmallPickles(folder: string, count: number): void {
  mkdirSync(folder)
  for (let n = 0; n < count; n++) {
    const entries = Array.from({ length: 40 }, (_, i) => {
      const key = Buffer.from(`setting_${n % 97}_${i}`)
      return Buffer.concat([
        Buffer.from([0x58, ...le32(key.length)]),
        key,
        Buffer.from([0x71, 1 + 2 * i, ...tuple(n + i, 2 + 2 * i)]),
      ])
    })
    writeFileSync(
      join(folder, `${n}.pkl`),
      Buffer.concat([Buffer.from([0x80, 2, 0x7d, 0x71, 0, 0x28]), ...entries, Buffer.from('u.')]),
    )
  }
}
