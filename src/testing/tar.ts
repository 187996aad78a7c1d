/**
 * Writes tars for tests: right ones by default, and wrong in exactly the way that a test asks for.
 */

/** One member. */
export interface TarMemberOptions {
  readonly name: string
  readonly data?: string | Uint8Array
  /** `0` unless told: a file. */
  readonly type?: string
  readonly link?: string
  /** What to write as size instead of the true one: a number, or the field. */
  readonly size?: number | Uint8Array
  readonly prefix?: string
  readonly checksum?: number
  /** What to fill the last block with. */
  readonly fill?: number
}

const BLOCK = 512

function pad(data: Uint8Array, fill = 0): Buffer {
  const rest = (BLOCK - (data.length % BLOCK)) % BLOCK
  return Buffer.concat([data, Buffer.alloc(rest, fill)])
}

/** One header with its content. */
export function tarMember(options: TarMemberOptions): Buffer {
  const { name, data = '', type = '0', link = '', prefix = '', fill } = options
  const content = Buffer.from(data)
  const { size = content.length } = options
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0, 100)
  header.write(['0000644', '0000000', '0000000', ''].join('\0'), 100)
  if (typeof size === 'number') header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else header.set(size, 124)
  header.write('00000000000\0', 136)
  header.fill(' ', 148, 156)
  header.write(type, 156)
  header.write(link, 157, 100)
  header.write('ustar\u000000', 257)
  header.write(prefix, 345, 155)
  const sum = options.checksum ?? header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, pad(content, fill)])
}

/** An extended header for the member that follows, or with `g` for all. */
export function paxHeader(records: Readonly<Record<string, string>>, type = 'x'): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const length = Buffer.byteLength(` ${key}=${value}\n`)
    const digits = String(length + String(length + 2).length).length
    return `${length + digits} ${key}=${value}\n`
  })
  return tarMember({ name: 'PaxHeaders/x', type, data: lines.join('') })
}

/** A tar of these parts and members, with its end mark. */
export function writeTar(...parts: readonly (TarMemberOptions | Uint8Array)[]): Buffer {
  const blocks = parts.map((part) => (part instanceof Uint8Array ? part : tarMember(part)))
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}
