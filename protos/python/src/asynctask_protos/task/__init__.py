"""Generated from protos/asynctask/task/ by `./dev protos`."""
