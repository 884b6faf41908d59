"""The SDK's version, said in Hello."""

from importlib import metadata

try:
    VERSION = metadata.version("asynctask-sdk")
except metadata.PackageNotFoundError:  # run from a source tree that is not installed
    VERSION = "0"
