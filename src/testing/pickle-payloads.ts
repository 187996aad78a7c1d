/**
 * Payloads of numbers and texts, and beside each whether CPython's picklers write it so.
 *
 * Source: `Lib/pickle.py` (encode_long, save_str).
 */

/** A payload and whether it is canonical. */
export type PayloadForm = readonly [bytes: readonly number[], shortest: boolean]

/** Of LONG1, little-endian two's complement. */
export const LONG_FORMS: readonly PayloadForm[] = [
  [[], true],
  [[0], false],
  [[1], true],
  [[0x7f], true],
  [[0x80], true],
  [[0xff], true],
  [[0, 0], false],
  [[1, 0], false],
  [[0x7f, 0], false],
  [[0x80, 0], true],
  [[0xff, 0], true],
  [[0x80, 0xff], false],
  [[0xff, 0xff], false],
  [[0x7f, 0xff], true],
  [[0, 0xff], true],
  [[0, 1], true],
  [[0x80, 1], true],
  [[0, 0x80], true],
  [[0x80, 0, 0], false],
  [[0xff, 0x7f, 0xff], true],
  [[0x7f, 0xff, 0xff], false],
  [[0, 0x80, 0], true],
]

/** A payload and whether it is UTF-8. */
export const UTF8_FORMS: readonly PayloadForm[] = [
  [[], true],
  [[0], true],
  [[0x41, 0x7f], true],
  [[0x41, 0xc3, 0xa9], true],
  [[0xe2, 0x82, 0xac], true],
  [[0xf0, 0x9f, 0x98, 0x80], true],
  [[0x80], false],
  [[0x41, 0x80], false],
  [[0xc3], false],
  [[0xc0, 0x80], false],
  [[0xed, 0xa0, 0x80], false],
  [[0xff, 0xfe], false],
]
