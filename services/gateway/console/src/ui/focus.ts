// `v-focus`: what appears takes the focus, unless the value is false. In a dialog for the answer that changes nothing, in a menu for its field. The
// browser's own `autofocus` has no effect on what is added to a page, and a dialog gives the focus back when it closes.

import { nextTick, type Directive } from 'vue'

export const vFocus: Directive<HTMLElement, boolean | undefined> = {
  mounted: (element, { value }) => void nextTick(() => value !== false && element.focus()),
}
