"""How one run is shown in full.

``run_as_option``: A typed address that was probed, added as an option: one button on the run's
    page.
``run_charts``: The three charts of a run, each with its words and its table for who cannot see it.
``run_curves``: What a run found beyond its percentiles: curves and comparisons with words and
    tables.
``run_deletion``: Deleting a run: two clicks, the second one under a sentence that says what goes.
``run_detail``: One run in full: numbers, cautions, charts, circumstances, download, deletion.
``run_findings``: What a run found beside its percentiles, in sentences.
``run_neighbours``: Neighbour overlap of two models: whether a search would find the same with
    either of them.
``run_server``: A sweep of a server in full: what was found, predicted beside measured, which option
    it is.
``run_server_use``: Which machine of the catalogue a swept server is: said by the person, and taken
    back.
``run_use``: Which run measures an option: said for the run shown, and changed with one click.
``swept_words``: What failed in a run, with the server's own sentence and the wait that it asked
    for.
``tested_quality``: What a test of quality found: the figure, the comparisons in sentences, the
    table.
"""
