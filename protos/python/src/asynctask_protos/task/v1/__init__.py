"""Generated from protos/asynctask/task/v1/ by `./dev protos`."""
