/**
 * Whether a text or bytes that were packed are a program.
 *
 * A model may carry tables and pictures in base64; what it has no reason to carry so is code.
 */
import { decodeUnnamed } from './decoders.ts'

const MACHINE_CODE = /^(?:\u007fELF|MZ[^]{58}|\u00cf\u00fa\u00ed\u00fe|\u00ca\u00fe\u00ba\u00be|\u0000asm)/
const SCRIPT = /^#!\s?\//
const PICKLE = /^\u0080[\u0002-\u0005]/
const PYTHON =
  /(?:^|[\n;:]\s*)(?:import|from)\s+(?:os|sys|subprocess|socket|base64|ctypes|requests|urllib|pty|shutil|marshal|builtins)\b|__import__\s*\(|(?<![.\w])(?:exec|eval)\(|\bos\.(?:system|popen|exec\w+|environ)\b|\bsubprocess\.\w+\s*\(|\bsocket\.socket\s*\(/
const SHELL =
  /\b(?:curl|wget)\s+[^\n]{0,80}(?:https?:|\|)|\bbash\s+-[ic]\b|\bnc\s+-\w*e|\/dev\/tcp\/|\bpowershell\b|\bchmod\s+\+x\b|\/bin\/(?:ba)?sh\b|\bcmd(?:\.exe)?\s+\/c\b|\brm\s+-rf\b|\bchmod\s+[0-7]{3,4}\s+\//i

const WEB = /<script[\s>]|\bjavascript:\s*\w|<iframe[\s>]|\son(?:error|load)\s*=\s*["']/i

/** What kind of program a text is, or undefined. @example programIn('import os; os.system("id")') // 'Python' */
export function programIn(text: string): string | undefined {
  if (MACHINE_CODE.test(text)) return 'machine code'
  if (SCRIPT.test(text)) return 'a script'
  if (PICKLE.test(text) && text.endsWith('.')) return 'a pickle'
  const head = text.slice(0, 65_536)
  if (SHELL.test(head)) return 'shell commands'
  if (WEB.test(head)) return 'a script of a web page'
  return PYTHON.test(head) && isReadable(head) ? 'Python' : undefined
}

/** What kind of program a text is, as it stands or packed in base64 or hexadecimal. */
export function hiddenProgramIn(text: string): string | undefined {
  const decoded = decodeUnnamed(text)
  return programIn(text) ?? (decoded === undefined ? undefined : programIn(decoded))
}

function isReadable(text: string): boolean {
  return !/[\u0000-\u0008\u000e-\u001f]/.test(text)
}
