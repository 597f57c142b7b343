"""The page. The only package that imports streamlit.

``app_pages/``: Which pages there are: a file each, no logic of its own.
``components/``: What the pages are made of: widgets, tables and sentences, a folder a page.
``figures/``: What is drawn, as plain data: one function a figure, no page.
``resources/``: What the page computes once: catalogue, store, curves. A composition root: joins
    what is apart.
``server/``: What stands before the page: who may ask, what a browser may do, start and end.
``state/``: What the page remembers: the scenario in the session, in the link and in the widgets.
``app``: What `streamlit run` opens: the server around the page, and the page itself.
``formats``: Numbers to text: the one place where a quantity gets its digits, its sign and its unit.
``router``: The router: page, scenario, shared controls, navigation. Every page is a file in
    app_pages.
"""
