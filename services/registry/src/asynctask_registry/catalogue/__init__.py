"""Task types: `types` has a copy of them in memory, `feed` reads changes, `registrar` stores and deletes them."""
