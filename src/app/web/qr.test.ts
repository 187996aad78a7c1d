import assert from 'node:assert/strict'
import { inflateSync } from 'node:zlib'
import { test } from 'node:test'
import readQr from 'jsqr'
import { drawQr, renderQrPng, renderQrSvg } from './qr.ts'

const ADDRESS = `https://register.example/c/260000000012#${'aB3-_z9Q'.repeat(16)}xy`

interface Picture {
  readonly side: number
  /** True for white. */
  at(x: number, y: number): boolean
}

/** What an independent decoder reads in a picture. */
function decode({ side, at }: Picture): string | undefined {
  const pixels = new Uint8ClampedArray(4 * side * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) pixels.fill(at(x, y) ? 255 : 0, 4 * (y * side + x), 4 * (y * side + x) + 3)
  return (readQr as unknown as typeof readQr.default)(pixels, side, side)?.data
}

test('drawQr() and renderQrPng() make a code that another decoder reads as it was written', (context) => {
  const matrix = drawQr(ADDRESS)
  const png = Buffer.from(renderQrPng(matrix, 4))
  const side = png.readUInt32BE(16)
  assert.equal(side, 4 * matrix.length)
  const data = inflateSync(png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8))
  const line = 1 + Math.ceil(side / 8)
  const at = (x: number, y: number): boolean => ((data[y * line + 1 + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0
  assert.equal(decode({ side, at }), ADDRESS)
  context.diagnostic(`${ADDRESS.length} characters: ${matrix.length - 8} modules, PNG ${png.length} bytes`)
})

test('renderQrSvg() draws the modules of the matrix and nothing else', () => {
  const matrix = drawQr(ADDRESS)
  const { markup } = renderQrSvg(matrix, 'a <code>')
  const runs = Array.from(markup.matchAll(/M(\d+) (\d+)h(\d+)/g), (run) => run.slice(1).map(Number))
  const black = new Set(
    runs.flatMap(([x = 0, y = 0, width = 0]) => Array.from({ length: width }, (_, i) => `${x + i},${y}`)),
  )
  const scale = 4
  const at = (x: number, y: number): boolean => !black.has(`${Math.floor(x / scale)},${Math.floor(y / scale)}`)
  assert.equal(decode({ side: scale * matrix.length, at }), ADDRESS)
  assert.ok(markup.includes('aria-label="a &lt;code&gt;"'))
  assert.doesNotMatch(markup, /<script|href/)
})
