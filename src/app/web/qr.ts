/**
 * QR codes as pictures: SVG for the page and for print, PNG for everything that takes no SVG.
 *
 * The matrix comes from the library `qr`; what is drawn here is black squares on white with the quiet zone of four
 * modules, without which readers fail. Error correction is medium: a printed certificate is folded and stamped.
 *
 * Source: ISO/IEC 18004 (quiet zone, section 5.3.8); W3C PNG, third edition.
 */
import { crc32, deflateSync } from 'node:zlib'
import { encodeQR } from 'qr'
import { html, trustedMarkup, type Html } from '../../base/index.ts'

/** Rows of modules, true for black, with the quiet zone. */
export type QrMatrix = readonly (readonly boolean[])[]

const QUIET_ZONE = 4
const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** The code of a text of at most 2,000 characters. */
export function drawQr(text: string): QrMatrix {
  return encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_ZONE })
}

function drawRow(row: readonly boolean[], y: number): string {
  const runs = row.flatMap((black, x) => (black && row[x - 1] !== true ? [x] : []))
  const ends = runs.map((x) => row.indexOf(false, x))
  return runs.map((x, index) => `M${x} ${y}h${(ends[index] ?? row.length) - x}v1H${x}z`).join('')
}

/** The code as SVG, one unit a module; `title` is what it says, for those who cannot see it. */
export function renderQrSvg(matrix: QrMatrix, title: string): Html {
  const size = matrix.length
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${4 * size}" height="${4 * size}" role="img" aria-label="${title}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${trustedMarkup(matrix.map(drawRow).join(''))}"/></svg>`
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(4)
  frame.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([frame, body, check])
}

/** The code as PNG, one bit a pixel, `scale` pixels a module. */
export function renderQrPng(matrix: QrMatrix, scale = 8): Uint8Array {
  const side = matrix.length * scale
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([1, 0, 0, 0, 0], 8)
  const line = 1 + Math.ceil(side / 8)
  const pixels = Buffer.alloc(line * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const white = matrix[Math.floor(y / scale)]?.[Math.floor(x / scale)] !== true
      const at = y * line + 1 + (x >> 3)
      if (white) pixels[at] = (pixels[at] ?? 0) | (0x80 >> (x & 7))
    }
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
