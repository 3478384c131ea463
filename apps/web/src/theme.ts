import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#e9f7f8',
  '#d3ecee',
  '#a4d8dd',
  '#72c3cb',
  '#4ab1bb',
  '#2d9ca7',
  '#1a818d',
  '#0b6673',
  '#08545f',
  '#053f48',
]

/** Cool greys with a drop of petrol; Mantine draws its dark surfaces and borders with them. */
const dark: MantineColorsTuple = [
  '#e3ecef',
  '#c3d0d5',
  '#9bb1ba',
  '#6d858f',
  '#3b4d55',
  '#2a383f',
  '#192429',
  '#141d21',
  '#10181b',
  '#0d1417',
]

/** Filled buttons take their contrast from our tokens: Mantine reckons it for the light scheme only. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  if (input.color === 'red' && input.variant === 'subtle') return { ...colors, color: 'var(--mc-gone)' }
  if (input.variant !== 'filled') return colors
  if (input.color === 'red') {
    return { ...colors, background: 'var(--mc-danger)', hover: 'var(--mc-danger-strong)', color: 'var(--mc-on-danger)' }
  }
  if (input.color !== undefined && input.color !== 'petrol') return colors
  return { ...colors, background: 'var(--mc-accent)', hover: 'var(--mc-accent-strong)', color: 'var(--mc-on-accent)' }
}

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: { petrol, dark },
  black: '#12262d',
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 6,
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver,
  components: {
    Checkbox: { defaultProps: { color: 'var(--mc-accent)', iconColor: 'var(--mc-on-accent)' } },
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 32 } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    // A dialog's head is no landmark of the page.
    Modal: { defaultProps: { centered: true, padding: 'lg', radius: 10, attributes: { header: { role: 'none' } } } },
    Drawer: { defaultProps: { attributes: { header: { role: 'none' } } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 400, multiline: true, maw: 320 } },
  },
})

/** Mantine's own surfaces follow our tokens, so that there is one place for colours. */
export const cssVariables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--mc-surface)',
    '--mantine-color-text': 'var(--mc-text)',
    '--mantine-color-dimmed': 'var(--mc-dim)',
    '--mantine-color-petrol-light': 'var(--mc-accent-soft)',
    '--mantine-color-petrol-light-hover': 'color-mix(in srgb, var(--mc-accent) 22%, var(--mc-surface))',
    '--mantine-color-petrol-light-color': 'var(--mc-accent)',
    '--mantine-color-anchor': 'var(--mc-accent)',
    '--mantine-color-default-border': 'var(--mc-border-strong)',
    '--mantine-color-error': 'var(--mc-gone)',
    '--mantine-color-placeholder': 'var(--mc-dim)',
  }
  return { variables: {}, light: both, dark: both }
}
