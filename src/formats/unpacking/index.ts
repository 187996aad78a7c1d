/** Compressed streams: piece by piece, in bounded memory, without waiting. */
export { Inflater } from './inflater.ts'
export { PackedInput } from './packed-input.ts'
export { isBomb, MOST_HELD, unpack, type Packed, type Unpacked } from './unpacked-source.ts'
export type { StartUnpacking, Unpacker } from './unpacker.ts'
