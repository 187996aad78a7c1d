/** Pickle: Python's object serialisation, a program for a small stack machine. */
import type { FormatReader } from '../reader.ts'
import { readPickle } from './read.ts'
import { sniffPickle } from './sniff.ts'

/** Proves pickles of protocols 0 to 5, bare, of joblib or as legacy torch files; `full` when every stream is proved. */
export const pickleReader: FormatReader = {
  format: 'pickle',
  title: 'Python pickle',
  version: 2,
  extensions: ['.pkl', '.pickle', '.p', '.pck', '.joblib', '.dill', '.pt', '.pth', '.bin', '.ckpt'],
  sniff: sniffPickle,
  read: readPickle,
}
