"""Write, run and submit AsyncTask tasks."""
