// The component's entry: Streamlit calls it for every answer of the page and change of theme.
import { Chart } from "./chart.js"

const charts = new WeakMap()
const decoder = new TextDecoder()

export default function ({ data, parentElement, setStateValue }) {
  let chart = charts.get(parentElement)
  if (!chart) charts.set(parentElement, (chart = new Chart(parentElement)))
  const turn = chart.show(JSON.parse(decoder.decode(data)), (move) => setStateValue("volume", move))
  return () => {
    // When answers come fast, Streamlit also cleans up after a call that a later one overtook.
    if (chart.turn !== turn) return
    chart.dispose()
    charts.delete(parentElement)
  }
}
