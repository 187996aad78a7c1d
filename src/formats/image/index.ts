/**
 * Images and sounds that come with models: PNG, JPEG, GIF, WebP and WAVE, walked and not decoded.
 *
 * A picture in a model card should not keep a model from its clearance, and must not carry anything behind its end.
 * Cameras put things there, so what follows a JPEG is told and not called wrong.
 */
import { isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { PageReader } from '../page-reader.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES, type ImageAnomaly } from './anomalies.ts'
import { walkGif, walkJpeg, walkPng, walkRiff, type Walk } from './parts.ts'

interface Medium {
  readonly format: string
  readonly title: string
  readonly extensions: readonly string[]
  /** What the head is, as Latin-1 text. */
  readonly head: RegExp
  readonly walk: Walk
}

const MEDIA: readonly Medium[] = [
  { format: 'png', title: 'PNG image', extensions: ['.png', '.apng'], head: /^\x89PNG\r\n\x1a\n/, walk: walkPng },
  {
    format: 'jpeg',
    title: 'JPEG image',
    extensions: ['.jpg', '.jpeg', '.jfif'],
    head: /^\xff\xd8\xff[\xc0-\xfe]/,
    walk: walkJpeg,
  },
  { format: 'gif', title: 'GIF image', extensions: ['.gif'], head: /^GIF8[79]a/, walk: walkGif },
  { format: 'webp', title: 'WebP image', extensions: ['.webp'], head: /^RIFF[^]{4}WEBP/, walk: walkRiff },
  { format: 'wav', title: 'WAVE sound', extensions: ['.wav'], head: /^RIFF[^]{4}WAVE/, walk: walkRiff },
]

function read(request: ReadRequest, { format, title, walk }: Medium): FileFacts {
  const facts = new FactCollector<ImageAnomaly>(request, format, ANOMALIES)
  const { size } = request.source
  const cursor = new PageReader(request.source)
  try {
    walk(cursor, (message, offset) => facts.anomalies.add('img-check-sum', message, { locus: 'chunk', offset }))
  } catch (thrown) {
    if (!isFault(thrown) || (thrown.code !== 'img-broken' && thrown.code !== 'truncated')) throw thrown
    facts.anomalies.add('img-broken', thrown.message, { locus: 'file', offset: cursor.at })
  }
  facts.claim('opaque', 0, cursor.at)
  if (format === 'jpeg' && cursor.at < size && facts.anomalies.reason === undefined) {
    facts.claim('opaque', cursor.at, size)
    facts.leaveUnread(`${size - cursor.at} bytes behind the end of the ${title}`)
  }
  return facts.finish()
}

/** One reader for each medium. */
export const imageReaders: readonly FormatReader[] = MEDIA.map((medium) => ({
  format: medium.format,
  title: medium.title,
  version: 1,
  extensions: medium.extensions,
  sniff: ({ head }) => (medium.head.test(Buffer.from(head.subarray(0, 16)).toString('latin1')) ? 'magic' : null),
  read: (request) => read(request, medium),
}))
