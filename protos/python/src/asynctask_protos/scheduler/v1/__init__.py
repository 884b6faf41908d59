"""Generated from protos/asynctask/scheduler/v1/ by `./dev protos`."""
