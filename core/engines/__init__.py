"""How does a model run on this computer. Imports torch at call time, in the worker process only.

``common/``: What every engine needs: status, batches, token rows, errors.
``devices/``: Which device a model runs on, and who else uses it.
``measuring/``: How quick, how hungry and how large: what a sweep measures of an engine.
``model_files/``: Where a model's files are, and whether they are whole.
``onnx_cpu/``: How a model runs on the processor through ONNX Runtime.
``torch_gpu/``: How a model runs through torch, on a GPU above all.
``local``: The local model: found, loaded with the engine that suits this machine, and the reason
    why.
"""
