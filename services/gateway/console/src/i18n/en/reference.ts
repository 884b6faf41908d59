// The page of the API reference.

export const reference = {
  title: 'API reference',
  what: 'Every call of this gateway, to read and to try: requests are sent to this cluster.',
  document: 'The document (OpenAPI 3.1)',
}
