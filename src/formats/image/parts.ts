/**
 * The parts that images and sounds are made of, walked from the first byte to the last.
 *
 * Nothing is decoded. What is asked is whether the file is made of parts of its format and of nothing else: what stands
 * behind the last part is no image.
 *
 * Source: PNG third edition, 5; ITU-T T.81, B (JPEG); GIF89a, 17 to 28; RIFF of 1991 (WebP, WAVE).
 */
import { crc32 } from 'node:zlib'
import { Fault } from '../../base/index.ts'
import type { PageReader } from '../page-reader.ts'

/** Told of a check sum that is wrong. */
export type NoteSum = (message: string, offset: number) => void

/** Walks one file; the cursor then stands behind its last part. @throws Fault `img-broken`, `truncated` */
export type Walk = (cursor: PageReader, note: NoteSum) => void

function refuse(cursor: PageReader, what: string): Fault {
  return new Fault('img-broken', `${what} at ${cursor.at}`, { details: { offset: cursor.at } })
}

function expect(cursor: PageReader, text: string): void {
  const found = Buffer.from(cursor.view(text.length)).toString('latin1')
  if (found !== text) throw refuse(cursor, `${JSON.stringify(found)} stands where ${JSON.stringify(text)} must`)
}

/** PNG: chunks of length, kind, data and check sum up to IEND. */
export const walkPng: Walk = (cursor, note) => {
  cursor.littleEndian = false
  expect(cursor, '\x89PNG\r\n\x1a\n')
  for (let kind = ''; kind !== 'IEND';) {
    const from = cursor.at
    const length = cursor.u32()
    let sum = crc32(cursor.view(4))
    cursor.seek(from + 4)
    kind = Buffer.from(cursor.view(4)).toString('latin1')
    if (!/^[A-Za-z]{4}$/.test(kind)) throw refuse(cursor, 'a chunk without a name')
    for (const piece of cursor.chunks(length)) sum = crc32(piece, sum)
    if (cursor.u32() !== sum) note(`the chunk ${kind} has another check sum`, from)
  }
}

const [START, END, SCAN] = [0xd8, 0xd9, 0xda]

function isAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
}

/** The next marker behind the data of a scan; zeros behind 0xff and restarts belong to the data. */
function passScan(cursor: PageReader): number {
  for (;;) {
    const at = cursor.find(0xff)
    if (at < 0) throw refuse(cursor, 'a scan without end')
    cursor.seek(at)
    let marker = 0xff
    while (marker === 0xff) marker = cursor.u8()
    if (marker !== 0 && !isAlone(marker)) return marker
  }
}

/** JPEG: segments from SOI to EOI, and scans behind their headers. */
export const walkJpeg: Walk = (cursor) => {
  cursor.littleEndian = false
  expect(cursor, '\xff\xd8')
  let marker = START
  for (let scanned = 0; marker !== END;) {
    marker = scanned > 0 ? scanned : nextMarker(cursor)
    scanned = 0
    if (marker === END || isAlone(marker)) continue
    const length = cursor.u16()
    if (length < 2) throw refuse(cursor, `a segment of ${length} bytes`)
    cursor.skip(length - 2)
    if (marker === SCAN) scanned = passScan(cursor)
  }
}

function nextMarker(cursor: PageReader): number {
  if (cursor.u8() !== 0xff) throw refuse(cursor, 'no marker')
  let marker = 0xff
  while (marker === 0xff) marker = cursor.u8()
  return marker
}

function passBlocks(cursor: PageReader): void {
  for (let length = cursor.u8(); length > 0; length = cursor.u8()) cursor.skip(length)
}

/** Bytes of the colour table that the flags announce. */
function tableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

/** GIF: screen, images and extensions up to the trailer. */
export const walkGif: Walk = (cursor) => {
  expect(cursor, 'GIF8')
  cursor.skip(6)
  const flags = cursor.u8()
  cursor.skip(2 + tableBytes(flags))
  for (let kind = cursor.u8(); kind !== 0x3b; kind = cursor.u8()) {
    if (kind === 0x21) cursor.skip(1)
    else if (kind === 0x2c) {
      cursor.skip(8)
      cursor.skip(tableBytes(cursor.u8()) + 1)
    } else throw refuse(cursor, `a block of kind ${kind}`)
    passBlocks(cursor)
  }
}

/** RIFF: one list of chunks that says how long it is. */
export const walkRiff: Walk = (cursor) => {
  expect(cursor, 'RIFF')
  const end = cursor.at + 4 + cursor.u32()
  cursor.skip(4)
  while (cursor.at + 8 <= end) {
    cursor.skip(4)
    const length = cursor.u32()
    cursor.skip(length)
    if (length % 2 === 1 && cursor.at < end) cursor.skip(1)
  }
  if (cursor.at !== end) throw refuse(cursor, `chunks that end elsewhere than at ${end}`)
}
