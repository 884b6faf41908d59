"""The registry's calls over gRPC: `ledger_service` decodes, makes one call and encodes; `batching` shares
commits.
"""
