"""AsyncTask's registry: keeps every task in Postgres."""
