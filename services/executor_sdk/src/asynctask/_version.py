"""The SDK's version, sent in Hello."""

from importlib import metadata


def _installed() -> str:
    try:
        return metadata.version("asynctask-sdk")
    except metadata.PackageNotFoundError:  # run from a source tree that is not installed
        return "0"


VERSION = _installed()
