// Our colours for the widgets of Naive UI; they stand a second time in `ui/tokens.css`, for everything of our own.

import { darkTheme, type GlobalThemeOverrides } from 'naive-ui'

const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

const shared = { fontFamily: FONT, fontSize: '14px', borderRadius: '6px' }

const light: GlobalThemeOverrides = {
  common: {
    ...shared,
    primaryColor: '#2452A8',
    primaryColorHover: '#2F63C2',
    primaryColorPressed: '#1C4189',
    primaryColorSuppl: '#2452A8',
    errorColor: '#A3142B',
    errorColorHover: '#B82A40',
    errorColorPressed: '#8C0A1E',
    errorColorSuppl: '#A3142B',
    textColorBase: '#1B222B',
    placeholderColor: '#6B7583',
  },
}

const dark: GlobalThemeOverrides = {
  common: {
    ...shared,
    primaryColor: '#6AA3F5',
    primaryColorHover: '#86B5F8',
    primaryColorPressed: '#4F8DE6',
    primaryColorSuppl: '#6AA3F5',
    errorColor: '#E5706E',
    errorColorHover: '#EC8886',
    errorColorPressed: '#D2504E',
    errorColorSuppl: '#E5706E',
    inputColor: '#14171C',
    borderColor: '#2D343E',
    bodyColor: '#14171C',
    cardColor: '#1C2128',
    modalColor: '#242A33',
    popoverColor: '#242A33',
    textColorBase: '#E4E8EE',
    placeholderColor: '#8C96A4',
  },
  // Without these, fields have no edge in the dark.
  Input: { border: '1px solid #3A434F' },
  InternalSelection: { border: '1px solid #3A434F' },
}

export const naiveLight = { theme: null, themeOverrides: light }
export const naiveDark = { theme: darkTheme, themeOverrides: dark }
