"""The `version` command."""

from asynctask_standalone.cli.options import Json


def version(as_json: Json = False) -> None:
    """Print the version; with --json also Python's."""
    from asynctask_standalone.installed import installed_version

    found = installed_version()
    if not as_json:
        print(found, flush=True)
        return
    import platform

    from asynctask_standalone.cli.output import print_json

    print_json({"version": found, "python": platform.python_version()})
