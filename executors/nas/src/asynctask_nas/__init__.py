"""Ready-made AsyncTask executor for storage work: backup between mounted folders."""
