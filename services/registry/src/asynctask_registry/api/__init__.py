"""The registry's calls over gRPC: `ledger_service` decodes, makes one call and encodes; `batching` shares commits.

`conversation` carries small commands out that come over one stream.
"""
