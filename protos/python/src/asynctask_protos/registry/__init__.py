"""Generated from protos/asynctask/registry/ by `./dev protos`."""
