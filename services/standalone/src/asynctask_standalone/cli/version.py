"""The `version` command."""


def version() -> None:
    """Print the version."""
    from importlib.metadata import version as version_of

    print(version_of("asynctask"))
