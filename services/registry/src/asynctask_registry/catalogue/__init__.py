"""Task types: `types` keeps what executors declared, and knows their rules without asking Postgres each time."""
