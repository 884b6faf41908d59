// The elements of each icon, read once. They are made as elements, so no markup is ever inserted into the page.

import { ICONS, type IconName } from '@/format/icon'

export interface Shape {
  tag: string
  attributes: Record<string, string>
}

const known = new Map<IconName, Shape[]>()

export function shapesOf(name: IconName): Shape[] {
  let shapes = known.get(name)
  if (!shapes) {
    const text = `<svg xmlns="http://www.w3.org/2000/svg">${ICONS[name]}</svg>`
    const drawn = new DOMParser().parseFromString(text, 'image/svg+xml')
    shapes = [...drawn.documentElement.children].map((shape) => ({
      tag: shape.tagName,
      attributes: Object.fromEntries([...shape.attributes].map((one) => [one.name, one.value])),
    }))
    known.set(name, shapes)
  }
  return shapes
}
