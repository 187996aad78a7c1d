/** The certificate on paper: how many sheets it takes, and what a camera reads in its code. */
import readQr from 'jsqr'
import type { Page } from 'playwright-core'

/** Sheets that the page takes when it is printed. */
export async function countSheets(page: Page): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true })
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0
}

/** What an independent decoder reads in the code of a certificate, as the browser paints it; empty when it reads none. */
export async function readCode(page: Page, number: string): Promise<string> {
  const { side, light } = await page.evaluate<{ readonly side: number; readonly light: string }>(`(async () => {
    const image = new Image()
    image.src = '/c/${number}.qr.png'
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    let light = ''
    for (let at = 0; at < data.length; at += 4) light += data[at] > 127 ? 1 : 0
    return { side: image.width, light }
  })()`)
  const decode = readQr as unknown as typeof readQr.default
  const data = Uint8ClampedArray.from({ length: 4 * light.length }, (_, at) => Number(light[at >> 2]) * 255)
  return decode(data, side, side)?.data ?? ''
}
