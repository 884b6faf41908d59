"""The rules of an AsyncTask task: states, life cycle, retries, errors; no I/O."""
