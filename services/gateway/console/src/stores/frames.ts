// Work that is done at most once per frame: 500 reports a second must not mean 500 renderings.

/** `ask` asks for the work; `cancel` takes back what was asked for. */
export function oncePerFrame(work: () => void) {
  let frame = 0

  function ask(): void {
    // A hidden tab has no frames: what waits for one would grow until somebody looks.
    if (document.hidden) run()
    else frame ||= requestAnimationFrame(run)
  }

  function run(): void {
    cancel()
    work()
  }

  function cancel(): void {
    cancelAnimationFrame(frame)
    frame = 0
  }

  return { ask, cancel }
}
