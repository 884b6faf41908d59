"""Generated from protos/asynctask/rest/ by `./dev protos`."""
