"""How bytes go out and come back: route, proxy, HTTP, time stamps.

``http_answer``: One HTTP/1.1 answer, read as it arrives: stamped first, parsed second, capped
    always.
``null_server``: A server that answers at once: ``python -m core.probe.wire.null_server``, for
    calibration only.
``route``: By which way requests leave: directly or through a company's proxy, and whose
    certificates count.
``transport``: A thin HTTP/1.1 client with the time of every phase: what general clients do not
    give.
"""
