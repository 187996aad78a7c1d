/** Brings functions of ours into a browser, so that it can be asked what Node is asked. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { bundleForBrowser } from '../../../src/app/web/verifier/build.ts'

/** Opens a page, written into a folder, whose `globalThis.suite` holds what a module beside this one exports. */
export async function openSuite(browser: Browser, module: string, folder: string): Promise<Page> {
  const script = await bundleForBrowser({ entry: join(import.meta.dirname, module), format: 'esm' })
  const [names = ''] = /export\{[^}]*\}/.exec(script) ?? []
  const exported = Array.from(names.matchAll(/([\w$]+) as (\w+)/g), ([, local, name]) => `${name}:${local}`)
  const path = join(folder, 'suite.html')
  const body = `${script.replace(names, '')};globalThis.suite={${exported.join()}}`
  writeFileSync(path, `<!doctype html><meta charset="utf-8"><script type="module">${body}</script>`)
  const page = await browser.newPage()
  await page.goto(`file://${path}`)
  await page.waitForFunction('globalThis.suite')
  return page
}
