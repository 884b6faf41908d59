// What every language must have: the sentences of the English catalogue.

import type { en } from './en'

type Texts<T> = { [Key in keyof T]: T[Key] extends string ? string : Texts<T[Key]> }

export type Catalogue = Texts<typeof en>
