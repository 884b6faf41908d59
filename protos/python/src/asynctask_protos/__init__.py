"""AsyncTask's wire contracts: generated messages and gRPC stubs."""
