"""`asynctask` and `python -m asynctask_standalone`."""

from __future__ import annotations

import atexit
import gc
import sys


def main() -> None:
    """Run the command line."""
    try:
        # Imported inside `try`, so that Ctrl-C while it loads prints no traceback.
        from asynctask_standalone.cli.streams import guarded_streams

        with guarded_streams():
            _run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)


def _run(line: list[str]) -> None:
    if line == ["--version"]:
        from asynctask_standalone.installed import installed_version

        print(installed_version(), flush=True)
        return
    # Imports create no garbage, and collecting takes a fifth of a short call, its end included.
    gc.disable()
    from asynctask_standalone.cli.deferred import load_dataclasses

    load_dataclasses()
    from asynctask_standalone.cli.plain_call import COMPLETION, plain_call

    if call := plain_call(line):
        atexit.register(gc.freeze)
        call()
        return
    from asynctask_standalone.cli.app import app
    from asynctask_standalone.cli.wording import command_name

    gc.enable()
    app(prog_name=command_name(), complete_var=COMPLETION)


if __name__ == "__main__":
    main()
