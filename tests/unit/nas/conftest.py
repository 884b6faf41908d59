"""Fixtures of `tests/support/backup_folders` and `tests/support/mounts`."""

from tests.support.backup_folders import destination, nobody, powerless, remembered_here, small_disk, source
from tests.support.mounts import mounted

__all__ = ["destination", "mounted", "nobody", "powerless", "remembered_here", "small_disk", "source"]
