"""What it costs: exact piecewise-affine functions of volume, and where they cross. Pure."""
