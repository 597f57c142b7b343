"""How a model runs through torch, on a GPU above all.

``batching_engine``: A torch model in batches of our own making: on a GPU quicker than the library's
    own loop.
``cuda_graphs``: CUDA graphs: passes of a model recorded once on an NVIDIA GPU and replayed.
``torch_engine``: A model through sentence-transformers, on CUDA, MPS or the CPU.
"""
