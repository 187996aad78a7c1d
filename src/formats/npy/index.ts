/** npy: NumPy's format of a single array. */
import type { FormatReader } from '../reader.ts'
import { beginsWithMagic } from './header.ts'
import { readNpy } from './read.ts'

/** Reads npy 1.0, 2.0 and 3.0. */
export const npyReader: FormatReader = {
  format: 'npy',
  title: 'NumPy array',
  version: 1,
  extensions: ['.npy'],
  sniff: ({ path, head }) => {
    if (beginsWithMagic(head)) return 'magic'
    return path.toLowerCase().endsWith('.npy') ? 'name' : null
  },
  read: readNpy,
}
