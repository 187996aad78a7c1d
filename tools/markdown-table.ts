/** A table in Markdown, for the pages that are made from the program. */

/** Head and rows as a table; a bar inside a cell stays a bar. */
export function table(head: readonly string[], rows: Iterable<readonly string[]>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...Array.from(rows, line)].join('\n')
}
