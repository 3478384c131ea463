/** The name of the key that goes with letters for commands, as this computer's keyboard has it. */
export const MOD_KEY = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'
