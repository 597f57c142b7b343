"""What the first screen draws.

``cost_bands``: Where 9 of 10 samples of a cost lie, as an area behind its line.
``cost_figure``: Cost over volume: one line an option, its steps exact, every meeting marked.
``cost_lines``: The lines of the break-even chart: exact points, both sides of every step, what can
    be served.
``cost_marks``: What is marked on the break-even chart: names of the lines, meetings, rate limits.
``cost_view``: What the break-even chart is asked to show.
``crossings``: Which of the curves' meetings a reader must see: marked on the chart, listed in a
    table.
``day_figure``: Latency and load of one's own replicas over the hours of a day or a week.
``latency_figure``: Latency of every option: measured points with their intervals, published ranges
    hollow.
"""
