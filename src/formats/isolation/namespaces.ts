/**
 * Namespaces: on Linux the reading process gets a world of its own, in which there is nothing to reach.
 *
 * No network but an unconnected loopback, no process but itself, no sockets of services (`/run` is covered), no
 * capabilities, no new privileges, no files to write, no core dump. It is put together from the programs of util-linux
 * that every distribution ships, without rights of an administrator. Where the system does not allow it (containers
 * often do not), the runtime's permission flags are all there is, and the facts say so.
 *
 * Source: unshare(1), setpriv(1), prlimit(1), mount(8), user_namespaces(7).
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const UNSHARE = '--user --map-root-user --net --ipc --uts --pid --mount --fork --kill-child'.split(' ')
/** The shell stays, as the first process of its namespace, which signals from within do not reach. */
const COVER_RUN = 'mount -t tmpfs -o size=4k,mode=0 none /run || exit 1; "$@"; exit $?'
const LIMITS = '--core=0 --fsize=0 --nofile=1024'.split(' ')
const PRIVILEGES = '--no-new-privs --bounding-set=-all --inh-caps=-all --securebits=+noroot,+noroot_locked'.split(' ')
const FOLDERS = ['/usr/bin', '/bin']
/** Bytes that the process may hold, as the operating system counts them. */
const MOST_MEMORY = 250 * 1024 * 1024
const PROBE_TIME = 5000

/** Program and arguments that start another program in namespaces, to be put before it. */
export type Prefix = readonly [program: string, ...rest: readonly string[]]

function find(program: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${program}`).find((path) => existsSync(path))
}

function makePrefix(): Prefix | undefined {
  const [unshare, prlimit, setpriv, shell] = ['unshare', 'prlimit', 'setpriv', 'sh'].map(find)
  if (unshare === undefined || prlimit === undefined || setpriv === undefined || shell === undefined) return undefined
  const inNamespaces = [unshare, ...UNSHARE, '--', shell, '-c', COVER_RUN, 'sh'] as const
  return [...inNamespaces, prlimit, ...LIMITS, '--', setpriv, ...PRIVILEGES, '--']
}

function works([program, ...rest]: Prefix): boolean {
  try {
    const said = execFileSync(program, [...rest, find('echo') ?? 'echo', 'here'], {
      env: {},
      timeout: PROBE_TIME,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return said.toString() === 'here\n'
  } catch {
    return false
  }
}

let known: { readonly prefix: Prefix | undefined } | undefined

/** What starts a program in namespaces on this machine; undefined where that is not to be had. Tried once. */
export function findNamespaces(): Prefix | undefined {
  if (known === undefined) {
    const prefix = process.platform === 'linux' ? makePrefix() : undefined
    known = { prefix: prefix !== undefined && works(prefix) ? prefix : undefined }
  }
  return known.prefix
}

function onlyChild(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return /^\d+$/.test(children) ? Number(children) : undefined
  } catch {
    return undefined
  }
}

/** Number of the process that a program started in namespaces runs as, seen from outside: it is the shell's child. */
export function innerProcess(pid: number): number | undefined {
  return onlyChild(onlyChild(pid))
}

function kilobytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN)
}

/**
 * Bounds the memory of a process that has just started: what it holds now and what it may still take are 250 MiB.
 *
 * @returns whether the bound was set
 */
export function boundMemory(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const room = MOST_MEMORY / 1024 - kilobytes(status, 'VmRSS')
    const bytes = Math.floor((kilobytes(status, 'VmData') + room) * 1024)
    if (!Number.isSafeInteger(bytes) || bytes <= 0) return false
    execFileSync(find('prlimit') ?? 'prlimit', ['--pid', String(pid), `--data=${bytes}`], {
      env: {},
      timeout: PROBE_TIME,
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}
