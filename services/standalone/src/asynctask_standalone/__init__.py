"""AsyncTask on one machine: the asynctask command line and all services with embedded stores."""
