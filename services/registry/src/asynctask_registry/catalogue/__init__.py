"""Task types: `types` keeps what executors declared, and knows the rules of a type without asking Postgres each time."""
