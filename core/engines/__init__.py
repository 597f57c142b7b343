"""The local model on CUDA, MPS or CPU. Imports torch at call time, in the worker process only."""
