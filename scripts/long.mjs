import { runProgram } from './setup.mjs'

await runProgram('long.ts')
