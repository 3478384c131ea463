import { runProgram } from './setup.mjs'

await runProgram('test.ts')
