// What a pure function wants to say: the key of a sentence in the catalogue, and its values. `i18n/say.ts` says it.

export interface Said {
  key: string
  values: Record<string, string | number | Said>
}

export function said(key: string, values: Said['values'] = {}): Said {
  return { key, values }
}
