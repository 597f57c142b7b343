"""Which device a model runs on, and who else uses it.

``device``: Which device the local model runs on, and why.
``gpu``: NVIDIA GPUs as the driver sees them: who uses them now, and what they draw.
"""
