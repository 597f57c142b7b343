"""What the pages are made of: widgets, tables and sentences, a folder a page.

``compare/``: What the first screen shows.
``engine/``: What the local engine's section shows and asks.
``job/``: A one-off job on its page: what is asked, the answer, the ways.
``live_chart/``: How a chart is redrawn in place, with a volume slider that the finger can drag.
``method/``: How the formulas and the note's claims are shown.
``own_options/``: How a person adds something of his own, sees it, and removes it.
``plan/``: What the page Plan shows and asks.
``prices/``: How the catalogue is shown.
``probing/``: How a probe is asked for, and how it goes on.
``quality/``: How models are tested on a person's own pairs of query and relevant document.
``risk/``: What the page Risk shows and asks.
``runs/``: How runs are shown: in a list, one in full, in words.
``shared/``: What every page draws alike: charts, errors, the colour scheme.
``sidebar/``: How the question is asked beside every page.
``usage/``: How one's own use is read from a file and taken into the question.
"""
