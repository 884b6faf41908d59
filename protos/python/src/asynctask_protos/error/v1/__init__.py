"""Generated from protos/asynctask/error/v1/ by `./dev protos`."""
