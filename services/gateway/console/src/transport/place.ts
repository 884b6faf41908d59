// Where this gateway is: the base path that it wrote into the page. Nothing else in the console knows a URL.

const written = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''
const base = written('base-path')

/** Where commands at a terminal reach the schedulers; empty where nobody told the gateway. */
export const cliAddress = written('cli-address')

/** The base path, such as `/task`; empty at the root. */
export const basePath = base.replace(/\/$/, '')

/** The whole address of a path of the API, for programs elsewhere. */
export const apiUrl = (path: string) => `${location.origin}${basePath}${path}`
