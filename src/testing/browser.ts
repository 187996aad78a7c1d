/** A real Chromium for end-to-end tests: Debian's, found in the usual places or by `CHROMIUM`. */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Path of the browser, or undefined when the machine has none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM']
  return [...(named === undefined ? [] : [named]), ...PLACES].find((path) => existsSync(path))
}

/** Options of a test that needs it: without one the test is skipped and says why. */
export function needsChromium(): { readonly skip: string | false } {
  const isThere = findChromium() !== undefined
  return { skip: isThere ? false : 'no Chromium on this machine (apt-get install chromium, or CHROMIUM=path)' }
}

/** Starts it, without network chatter of its own. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  return chromium.launch({ executablePath, args })
}
