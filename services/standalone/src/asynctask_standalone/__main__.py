"""`asynctask` and `python -m asynctask_standalone`."""

from __future__ import annotations

from asynctask_standalone.cli.app import app


def main() -> None:
    """Run the command line."""
    app(prog_name="asynctask")


if __name__ == "__main__":
    main()
