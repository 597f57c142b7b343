// Plotly: the page's own where a Streamlit chart has brought it, else its package's file.
const SOURCE = new URL("../breakeven.plotly/plotly.min.js", import.meta.url).href
let loading = null

export function loadPlotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly)
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = SOURCE
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => {
      loading = null
      script.remove()
      reject(new Error(`The chart library did not load from ${SOURCE}`))
    }
    document.head.append(script)
  })
  return loading
}
