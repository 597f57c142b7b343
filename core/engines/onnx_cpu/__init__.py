"""How a model runs on the processor through ONNX Runtime.

``onnx_cache``: The cache of exported models, written atomically: one folder a model and set of
    versions.
``onnx_engine``: An exported model through ONNX Runtime on the CPU. Needs neither torch nor
    transformers.
``onnx_export``: From a loaded torch model to a graph for ONNX Runtime, held against torch before it
    is used.
"""
