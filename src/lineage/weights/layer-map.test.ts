import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layerChanges } from './layer-changes.ts'
import { buildLayerMap, unmatchedCounts, type ViewCell } from './layer-map.ts'
import { log10Tail } from './fixed-point.ts'

function cell(a: number, b: number, fixed: number): ViewCell {
  return { view: 'gate', a, b, points: { sampled: 64, width: 64, fixed, log10p: log10Tail(64, 64, fixed) } }
}

/** All cells of an L × M map in which the given pairs agree and all others hold one fixed point. */
function mapOf(
  layersA: number,
  layersB: number,
  pairs: readonly (readonly [number, number])[],
): ReturnType<typeof buildLayerMap> {
  const cells = Array.from({ length: layersA * layersB }, (_, i) => {
    const [a, b] = [Math.floor(i / layersB), i % layersB]
    return cell(a, b, pairs.some(([x, y]) => x === a && y === b) ? 60 : 1)
  })
  return buildLayerMap(cells, layersA, layersB)
}

test('buildLayerMap() pairs layers in order and leaves the rest to the control', () => {
  const map = mapOf(3, 3, [
    [0, 0],
    [1, 1],
    [2, 2],
  ])
  assert.deepEqual(map.partners, [0, 1, 2])
  assert.equal(unmatchedCounts(map).length, 6)
})

test('buildLayerMap() finds a dropped layer, and layerChanges() names it and the child', () => {
  const map = mapOf(3, 4, [
    [0, 0],
    [1, 1],
    [2, 3],
  ])
  assert.deepEqual(map.partners, [0, 1, 3])
  assert.deepEqual(layerChanges(map), [{ text: 'layer 2 of the 4 dropped', child: 'a' }])
})

test('buildLayerMap() lets doubled layers share a partner, and layerChanges() names them', () => {
  const map = mapOf(6, 4, [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 1],
    [4, 2],
    [5, 3],
  ])
  assert.deepEqual(map.partners, [0, 1, 2, 1, 2, 3])
  assert.deepEqual(layerChanges(map), [{ text: 'layers 1 to 2 of 4 doubled, giving 6', child: 'a' }])
  assert.equal(map.aligned.length, 4)
})

test('buildLayerMap() aligns in order what was moved, and layerChanges() says so', () => {
  const map = mapOf(3, 3, [
    [0, 2],
    [1, 0],
    [2, 1],
  ])
  assert.deepEqual(map.partners, [2, 0, 1])
  assert.equal(map.aligned.length, 2)
  assert.deepEqual(layerChanges(map), [{ text: 'layers reordered', child: null }])
})

test('layerChanges() names layers from elsewhere only when others agree', () => {
  assert.deepEqual(layerChanges(mapOf(3, 3, [])), [])
  const texts = layerChanges(
    mapOf(3, 3, [
      [0, 0],
      [1, 1],
    ]),
  ).map(({ text }) => text)
  assert.deepEqual(texts, [
    'layer 2 of A from elsewhere or trained anew',
    'layer 2 of B from elsewhere or trained anew',
  ])
})

test('buildLayerMap() counts a cell as matched only when it pays for all cells and views', () => {
  const chance = buildLayerMap([cell(0, 0, 5), cell(0, 1, 1), cell(1, 0, 1), cell(1, 1, 0)], 2, 2)
  assert.equal(
    chance.cells.some(({ matched }) => matched),
    false,
  )
  const enough = buildLayerMap([cell(0, 0, 7), cell(0, 1, 1), cell(1, 0, 1), cell(1, 1, 0)], 2, 2)
  assert.equal(enough.cells.filter(({ matched }) => matched).length, 1)
})

test('buildLayerMap() takes the best view of a cell and charges for having looked at two', () => {
  const views = [cell(0, 0, 9), { ...cell(0, 0, 2), view: 'up' }]
  const [only] = buildLayerMap(views, 1, 1).cells
  assert.equal(only?.fixed, 11)
  assert.ok(Math.abs((only?.log10p ?? 0) - (log10Tail(64, 64, 9) + Math.log10(2))) < 1e-12)
})
