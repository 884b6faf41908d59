"""Generated from protos/asynctask/registry/v1/ by `./dev protos`."""
