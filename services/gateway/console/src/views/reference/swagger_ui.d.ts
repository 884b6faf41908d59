// Swagger UI ships no types; these are the options that the page of the reference uses.
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Options {
    domNode: HTMLElement
    url: string
    deepLinking: boolean
    docExpansion: 'list' | 'full' | 'none'
    defaultModelsExpandDepth: number
    displayRequestDuration: boolean
    filter: boolean
    syntaxHighlight: { activated: boolean }
    tryItOutEnabled: boolean
    validatorUrl: string | null
    onComplete: () => void
  }
  export default function SwaggerUI(options: Options): unknown
}
