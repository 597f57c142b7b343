"""What to use now, when to move, and what moving costs."""

import streamlit as st

from dashboard.components.compare.cheaper_hint import cheaper_hint
from dashboard.components.plan.demands_form import demands_form
from dashboard.components.plan.plan_panel import show_front, show_plan, show_recommendation
from dashboard.components.plan.terms_form import terms_form
from dashboard.components.quality.quality_panel import quality_panel
from dashboard.components.shared import error_boxes
from dashboard.resources import deciding
from dashboard.resources.cached import cached_answer, cached_catalogue
from dashboard.state import session

if session.known().list_prices:
    scenario = session.scenario()
    with error_boxes.shown("There is no plan until this is mended."):
        catalog = cached_catalogue.catalog()
        labels = {name: cached_catalogue.option_label(name) for name in scenario.options}
        names = {provider.id: provider.name for provider in catalog.providers}
        answer = st.container()
        with st.expander("What is demanded", icon=":material/rule:"):
            models = [model.id for model in catalog.models]
            demanded, small = demands_form(names, models, deciding.keys_at_hand())
        quality_panel()
        with st.expander("What moving costs, and how prices fall", icon=":material/moving:"):
            terms = terms_form(scenario, labels, list(names))
        found = deciding.recommendation(scenario, demanded, terms, small)
        with answer:
            shot = cached_answer.snapshot(scenario)
            relaxed = deciding.relaxed(scenario, shot.verdict.winner)
            show_recommendation(found, shot, scenario, relaxed)
            cheaper = deciding.cheaper(scenario, found.option, demanded)
            cheaper_hint(cheaper.all, scenario, "plan/cheaper")
        show_front(deciding.front(scenario, found, demanded), scenario.objective.slo_p95_s)
        st.divider()
        show_plan(deciding.plan(scenario, terms), scenario)
