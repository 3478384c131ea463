// Runs before the first paint, so that a dark console never flashes white. Same key and values as Mantine's manager.
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
