"""Generated from protos/asynctask/rest/v1/ by `./dev protos`."""
