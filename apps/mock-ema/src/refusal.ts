/** An answer that is not 200, with EMA's error body `{code, subCode, message}`. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly subCode: number
  readonly detail: string | Record<string, string[]>

  constructor(status: number, code: number, subCode: number, detail: string | Record<string, string[]>) {
    super(`${status} ${code}/${subCode}`)
    this.status = status
    this.code = code
    this.subCode = subCode
    this.detail = detail
  }
}

/** The numbers of the Company family (1) and of general refusals (0) are this mock's own; 99/1 and 99/2 are documented. */
export const refuse = {
  input: (problems: Record<string, string[]>) => new Refusal(400, 1, 1, problems),
  field: (field: string, problem: string) => new Refusal(400, 1, 1, { [field]: [problem] }),
  state: (problem: string) => new Refusal(400, 1, 2, problem),
  signIn: () => new Refusal(401, 0, 1, 'Invalid login or password.'),
  token: () => new Refusal(401, 0, 2, 'The access token is missing, invalid or expired.'),
  access: () => new Refusal(403, 0, 3, 'Access denied.'),
  absent: () => new Refusal(404, 1, 4, 'The company was not found.'),
  unknownPage: () => new Refusal(403, 99, 1, 'Unknown page.'),
}
