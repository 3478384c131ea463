const LARGEST = 2_147_483_647

/** Wire id → integer key. An id beyond the column's range becomes 0, which no row has: it answers like any unknown id. */
export function fromId(id: string): number {
  const value = Number(id)
  return value <= LARGEST ? value : 0
}

export function toId(id: number): string {
  return String(id)
}
