"""Fixtures of `tests/support/backup_folders` and `tests/support/mounts`."""

from tests.support.backup_folders import destination, nobody, small_disk, source
from tests.support.mounts import disk, mounted

__all__ = ["destination", "disk", "mounted", "nobody", "small_disk", "source"]
