// What is searched for, marked within the pieces of a line: a hit may begin in one piece and end in another.

export function marked<Piece extends { text: string }>(pieces: readonly Piece[], search: string): (Piece & { isHit: boolean })[] {
  const hits = hitsIn(pieces.map((piece) => piece.text).join(''), search)
  const found: (Piece & { isHit: boolean })[] = []
  let start = 0
  for (const piece of pieces) {
    const end = start + piece.text.length
    const edges = hits.flatMap(({ from, to }) => [from, to]).filter((edge) => edge > start && edge < end)
    const cuts = [start, ...edges, end]
    for (let index = 1; index < cuts.length; index += 1) {
      const [from, to] = [cuts[index - 1] as number, cuts[index] as number]
      const isHit = hits.some((hit) => hit.from <= from && to <= hit.to)
      found.push({ ...piece, text: piece.text.slice(from - start, to - start), isHit })
    }
    start = end
  }
  return found.filter((piece) => piece.text)
}

function hitsIn(text: string, search: string): { from: number; to: number }[] {
  const wanted = search.toLowerCase()
  if (!wanted) return []
  const lower = text.toLowerCase()
  const hits = []
  for (let from = lower.indexOf(wanted); from >= 0; from = lower.indexOf(wanted, from + wanted.length)) {
    hits.push({ from, to: from + wanted.length })
  }
  return hits
}
