import { createTheme } from '@mantine/core'

/** Mantine wears our look: colours, sizes and spaces come from `style/tokens.css`, this only sets defaults. */
export const theme = createTheme({
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { variant: 'default' } },
    Modal: { defaultProps: { lockScroll: false } },
  },
})
