// Runs before the first paint, so that a dark console never flashes white. Same key and values as Mantine's manager.
// And before anything else: the only policy by which text may become markup. Mantine writes the rules of its style sheets
// that way; no rule holds a tag, so what holds one is refused. Scripts are made of text nowhere.
// Schemas check by walking instead of by compiling functions, which the policy of the page forbids; even trying is a violation.
window.__zod_globalConfig = { jitless: true }
if (window.trustedTypes) {
  window.trustedTypes.createPolicy('default', { createHTML: (text) => (text.includes('<') ? null : text) })
}
;(function () {
  let scheme = 'auto'
  let language = null
  try {
    scheme = localStorage.getItem('mantine-color-scheme-value') || 'auto'
    language = localStorage.getItem('msp-console.language')
  } catch {
    // Storage is switched off: the system decides.
  }
  const dark = scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
  if (language) document.documentElement.lang = language
})()
