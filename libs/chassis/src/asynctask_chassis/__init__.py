"""What the AsyncTask servers share: settings, logs, loops, servers, channels, metrics."""
