import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WeightUse } from '../facts.ts'
import { WeightUses } from './weight-uses.ts'

type Node = readonly [operator: string, inputs: string, output: string, name?: string]

function usesOf(given: string, ...nodes: readonly Node[]): readonly WeightUse[] {
  const uses = new WeightUses()
  for (const name of given.split(' ')) uses.initialiser(name)
  for (const [operator, inputs, output, name = ''] of nodes)
    uses.node({
      operator: operator.replace(/T$/, ''),
      name,
      inputs: inputs.split(' '),
      outputs: [output],
      transposesB: operator === 'GemmT',
    })
  return uses.list()
}

test('WeightUses takes the name of a weight from the bias that is added behind', () => {
  assert.deepEqual(usesOf('w layer.0.up.bias', ['MatMul', 'x w', 'y'], ['Add', 'y layer.0.up.bias', 'z']), [
    { tensor: 'w', name: 'layer.0.up.weight', transposed: true },
  ])
  assert.deepEqual(usesOf('w a.bias', ['Gemm', 'x w a.bias', 'y']), [
    { tensor: 'w', name: 'a.weight', transposed: true },
  ])
  assert.deepEqual(usesOf('w a.bias', ['GemmT', 'x w a.bias', 'y']), [
    { tensor: 'w', name: 'a.weight', transposed: false },
  ])
  assert.deepEqual(usesOf('w a.bias', ['Transpose', 'w', 'v'], ['MatMul', 'x v', 'y'], ['Add', 'a.bias y', 'z']), [
    { tensor: 'w', name: 'a.weight', transposed: false },
  ])
})

test('WeightUses takes it from the path of the module when there is no bias, and has none when nothing tells', () => {
  assert.deepEqual(
    usesOf('onnx::MatMul_7', ['MatMul', 'x onnx::MatMul_7', 'y', '/model/layers.3/mlp/up_proj/MatMul']),
    [{ tensor: 'onnx::MatMul_7', name: 'model.layers.3.mlp.up_proj.weight', transposed: true }],
  )
  assert.deepEqual(usesOf('w b', ['MatMul', 'x w', 'y'], ['Add', 'y b', 'z']), [])
  assert.deepEqual(usesOf('w a.bias', ['MatMul', 'w x', 'y'], ['Add', 'y a.bias', 'z']), [])
  assert.deepEqual(usesOf('embed.weight', ['Gather', 'embed.weight ids', 'y']), [])
})

test('WeightUses finds scale and zero of quantised weights before and behind the product', () => {
  const bias: Node = ['Add', 'y a.bias', 'z']
  const want = { tensor: 'q', name: 'a.weight', transposed: true }
  assert.deepEqual(usesOf('q s a.bias', ['Cast', 'q', 'f'], ['Mul', 'f s', 'w'], ['MatMul', 'x w', 'y'], bias), [
    { ...want, scale: 's' },
  ])
  assert.deepEqual(usesOf('q s o a.bias', ['DequantizeLinear', 'q s o', 'w'], ['MatMul', 'x w', 'y'], bias), [
    { ...want, scale: 's', zero: 'o' },
  ])
  const integers: readonly Node[] = [['MatMulInteger', 'x q xo o', 'i'], ['Cast', 'i', 'f'], ['Mul', 'f s2', 'y'], bias]
  assert.deepEqual(usesOf('q o a.bias', ...integers), [{ ...want, zero: 'o' }])
  assert.deepEqual(usesOf('e_q s', ['Cast', 'e_q', 'f'], ['Mul', 'f s', 'e'], ['Gather', 'e ids', 'y']), [
    { tensor: 'e_q', name: 'e', transposed: false, scale: 's' },
  ])
})

test('WeightUses comes to an end in graphs that go round, and where a value is scaled twice', () => {
  assert.deepEqual(usesOf('s a.bias', ['Mul', 'w s', 'w'], ['MatMul', 'x w', 'y'], ['Add', 'y a.bias', 'y']), [])
  const twice: readonly Node[] = [
    ['Mul', 'q s', 'u'],
    ['Mul', 'u s', 'w'],
  ]
  assert.deepEqual(usesOf('q s a.bias', ...twice, ['MatMul', 'x w', 'y'], ['Add', 'y a.bias', 'z']), [])
})
