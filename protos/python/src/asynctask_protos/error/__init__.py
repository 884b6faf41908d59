"""Generated from protos/asynctask/error/ by `./dev protos`."""
