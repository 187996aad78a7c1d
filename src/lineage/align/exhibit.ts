/**
 * An exhibit: how the weights of A become those of B when its labels are changed, so that anybody can check it.
 *
 * Gains of the norms are folded into the matrices that read them on both sides. Then, with the rotation R:
 * units: gate_B[j] = gate_A[i]·R, up_B[j] = up·up_A[i]·R, down_B[:,j] = down·Rᵀ·down_A[:,i] for i = units[j];
 * values: V_B[g] = mix·V_A[h]·R and O_B[:,q] = Rᵀ·O_A[:,p]·mix⁻¹; queries and keys: plane by plane of the rotary
 * embedding k_B = c·k_A·R and q_B = q_A·R / conj(c). What is left over is the residual, ‖B − Â‖ / ‖B‖.
 *
 * The schema of the document: `exhibit.schema.json`. Two checkers that share no code: `check-exhibit.ts` and
 * `docs/method/check-exhibit.py`.
 */

/** Where a matrix lies in a model: some rows of a tensor. */
export interface ExhibitPart {
  readonly tensor: string
  readonly firstRow: number
  readonly rows: number
  /** Inputs are rows and outputs columns. */
  readonly transposed: boolean
}

/** Roles whose matrices are reconstructed. */
export const EXHIBIT_ROLES = ['embedding', 'head', 'gate', 'up', 'down', 'q', 'k', 'v', 'o'] as const
/** See {@link EXHIBIT_ROLES}. */
export type ExhibitRole = (typeof EXHIBIT_ROLES)[number]

/** A matrix in both models, with the gains that are folded into it. */
export interface ExhibitMatrix {
  readonly role: ExhibitRole
  readonly a: ExhibitPart
  readonly b: ExhibitPart
  /** The norms whose gains are folded in; null where there is none. */
  readonly normA: ExhibitPart | null
  readonly normB: ExhibitPart | null
  /** ‖B − Â‖ / ‖B‖ over the rows, columns or units that have a partner. */
  readonly residual: number
}

/** How the heads of a layer correspond. */
export interface ExhibitHeads {
  /** Elements of a head. */
  readonly size: number
  /** For each query head of B that of A. */
  readonly queries: readonly number[]
  /** For each head of keys and values of B that of A. */
  readonly groups: readonly number[]
  /** For each head of values of B the mixing matrix, size × size, row by row. */
  readonly mix: readonly (readonly number[])[]
  /** For each head of keys of B and each rotary plane the complex factor. */
  readonly planes: readonly (readonly (readonly [real: number, imaginary: number])[])[]
}

/** A layer of B and the layer of A from which it comes. */
export interface ExhibitLayer {
  readonly a: number
  readonly b: number
  /** For each unit of B the unit of A, or −1. */
  readonly units: readonly number[]
  /** Factors of the up row and of the down column of each unit of B; 0 where it has no partner. */
  readonly up: readonly number[]
  readonly down: readonly number[]
  /** Null where the number of heads is not known. */
  readonly heads: ExhibitHeads | null
  readonly matrices: readonly ExhibitMatrix[]
}

/** See the module. */
export interface Exhibit {
  readonly schema: 'tidewaiter/exhibit/v1'
  readonly a: string
  readonly b: string
  /** R, dimensions of A × dimensions of B; `values` are f32, little-endian, row by row, in base64. */
  readonly rotation: {
    readonly rows: number
    readonly columns: number
    readonly values: string
    readonly digest: string
    /** Root mean square of the elements of RᵀR − I. */
    readonly defect: number
  }
  readonly layers: readonly ExhibitLayer[]
  /** Embedding and head. Tokens are compared by number. */
  readonly matrices: readonly ExhibitMatrix[]
}
