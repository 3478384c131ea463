import { runProgram } from './setup.mjs'

await runProgram('start.ts')
