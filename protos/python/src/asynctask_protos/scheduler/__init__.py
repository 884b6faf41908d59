"""Generated from protos/asynctask/scheduler/ by `./dev protos`."""
