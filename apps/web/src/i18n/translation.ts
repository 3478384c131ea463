/**
 * The shape of a Czech text from the English one: every key once, and for each plural (`x_one`, `x_other`) the two forms
 * English has not: `x_few` (2–4) and `x_many` (fractions).
 */
export type Translation<English> = {
  [K in keyof English]: English[K] extends string ? string : Translation<English[K]>
} & {
  [K in keyof English as K extends `${infer Base}_other` ? `${Base}_few` | `${Base}_many` : never]: string
}
