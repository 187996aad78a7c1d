/**
 * A grammar of pickle streams.
 *
 * Whatever is generated here leaves exactly one object on the stack for each value, so that streams go deep before
 * something is changed in them. All opcodes occur.
 */
import { HOSTILE, LISTED, REBUILDING, STRANGE, type Name } from './globals.ts'
import { u } from './ops.ts'
import { TEMPLATES } from './templates.ts'
import { Writer } from './writer.ts'

/** Chooses values and writes them. */
export class Grammar extends Writer {
  anyGlobal(): Name {
    const names = this.random.weigh([
      [8, LISTED],
      [4, REBUILDING],
      [1, HOSTILE],
      [1, STRANGE],
    ])
    return this.random.pick(names)
  }

  #several(depth: number, most: number): (() => void)[] {
    return Array.from({ length: this.random.int(most + 1) }, () => () => this.value(depth - 1))
  }

  object(depth: number): void {
    const { random } = this
    const name = this.anyGlobal()
    const args = this.#several(depth, 3)
    const old = this.manner.protocol < 2 || this.isWild()
    const how = random.int(old ? 5 : 3)
    if (how === 0) {
      this.global(name)
      this.tuple(args)
      this.add('REDUCE')
    } else if (how === 1 && this.manner.protocol >= 2) {
      this.global(name)
      this.tuple(args)
      this.add('NEWOBJ')
    } else if (how === 2 && this.manner.protocol >= 4) {
      this.global(name)
      this.tuple(args)
      this.dict([[() => this.text('key'), () => this.value(depth - 1)]])
      this.add('NEWOBJ_EX')
    } else if (how === 3) {
      this.add('MARK')
      for (const write of args) write()
      this.add('INST', `${name[0]}\n${name[1]}\n`)
    } else {
      this.add('MARK')
      this.global(name)
      for (const write of args) write()
      this.add('OBJ')
    }
    this.memoise()
    this.#afterwards(depth)
  }

  #afterwards(depth: number): void {
    const { random } = this
    const entries = () => this.#several(depth, 2).map((write) => [() => this.text(`k${random.int(9)}`), write] as const)
    const what = random.int(8)
    if (what < 2) {
      this.dict(entries())
      this.add('BUILD')
    } else if (what === 2) {
      this.tuple([() => this.add('NONE'), () => this.dict(entries())])
      this.add('BUILD')
    } else if (what === 3) this.setItems(entries())
    else if (what === 4) this.marked(this.#several(depth, 2), 'APPENDS')
  }

  set(depth: number): void {
    const atoms = this.#several(1, 3)
    if (this.manner.protocol < 4 && !this.isWild()) {
      this.global(this.manner.protocol < 3 ? ['__builtin__', 'set'] : ['builtins', 'set'])
      this.tuple([() => this.list(atoms)])
      this.add('REDUCE')
    } else if (this.random.oneIn(2)) {
      this.marked(this.#several(depth > 1 && this.isWild() ? depth : 1, 2), 'FROZENSET')
    } else {
      this.add('EMPTY_SET')
      this.memoise()
      return this.marked(atoms, 'ADDITEMS')
    }
    this.memoise()
  }

  persistent(depth: number): void {
    if (this.random.oneIn(3)) return this.add('PERSID', `key ${this.random.int(3)}\n`)
    if (this.random.oneIn(3)) this.value(depth - 1)
    else
      this.tuple([
        () => this.text('storage'),
        () => this.global(['torch', 'FloatStorage']),
        () => this.text(String(this.random.int(3))),
        () => this.text('cpu'),
        () => this.int(4n),
      ])
    this.add('BINPERSID')
  }

  /** Something that no pickler writes and every unpickler takes: the value stays one object. */
  trick(depth: number): void {
    const { random } = this
    const before = (): void => this.value(Math.min(depth - 1, 1))
    switch (random.int(8)) {
      case 0:
        before()
        this.add('POP')
        return this.value(depth - 1)
      case 1:
        this.marked([before, before], 'POP_MARK')
        return this.value(depth - 1)
      case 2:
        this.value(depth - 1)
        this.add('DUP')
        return this.add('TUPLE2')
      case 3:
        this.value(depth - 1)
        return this.marked([before], 'POP_MARK')
      case 4:
        return this.add(random.pick(['EXT1'] as const), u(1 + random.int(3), 1))
      case 5:
        return random.oneIn(2) ? this.add('EXT2', u(300, 2)) : this.add('EXT4', u(70000, 4))
      case 6:
        this.add('NEXT_BUFFER')
        if (random.oneIn(2)) this.add('READONLY_BUFFER')
        return
      default:
        this.add('MARK')
        return this.add('POP')
    }
  }

  value(depth: number): void {
    const { random } = this
    if (depth <= 0) return this.atom()
    if (this.isWild() && random.oneIn(2)) return this.trick(depth)
    const kind = random.weigh<() => void>([
      [5, () => this.atom()],
      [2, () => this.list(this.#several(depth, 3))],
      [2, () => this.tuple(this.#several(depth, 4))],
      [2, () => this.dict(this.#several(depth, 3).map((write, i) => [() => this.text(`key ${i}`), write] as const))],
      [1, () => this.set(depth)],
      [1, () => this.object(depth)],
      [1, () => this.global(this.anyGlobal())],
      [3, () => random.pick(TEMPLATES)(this)],
      [this.manner.persistent ? 2 : this.manner.wild > 0 ? 0.05 : 0, () => this.persistent(depth)],
    ])
    kind()
  }
}
