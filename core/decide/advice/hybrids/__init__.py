"""Which hybrid of the catalogue costs less than the answer.

``burst_rates``: What an API takes for a hybrid's bursts at least, and which APIs may take them.
``cheaper_hybrid``: The cheapest suitable hybrid of all bases and all APIs with the same vectors.
``least_hybrid``: What a hybrid costs at least: cheap to say, and never above its bill.
"""
