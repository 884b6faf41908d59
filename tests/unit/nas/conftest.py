"""Fixtures of `tests/support/backup_folders`."""

from tests.support.backup_folders import destination, nobody, remembered_here, small_disk, source

__all__ = ["destination", "nobody", "remembered_here", "small_disk", "source"]
