"""Fixtures of `tests/support/backup_folders`."""

from tests.support.backup_folders import destination, nobody, small_disk, source

__all__ = ["destination", "nobody", "small_disk", "source"]
