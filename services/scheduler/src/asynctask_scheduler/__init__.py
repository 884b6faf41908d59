"""AsyncTask's scheduler: orders tasks in Redis and hands them to executors."""
