"""What `breakeven quality` reads, asks and prints.

``quality_command``: `breakeven quality`: what a cheaper model would lose, measured on one's own
    pairs.
``quality_lines``: What a test of quality found, in lines and as plain values.
``quality_options``: What may be typed after `breakeven quality`: each option with its limits and
    its help.
``quality_run``: A test of quality from its files to its last line.
"""
