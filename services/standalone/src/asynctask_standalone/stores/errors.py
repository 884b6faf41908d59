"""The one error of this package."""


class StoreError(Exception):
    """A store cannot be found, started or stopped; the message says why and what to do."""
