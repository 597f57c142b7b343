// Plotly: the page's own where a Streamlit chart has brought it, else its package's file.
const SOURCE = new URL("../breakeven.plotly/plotly.min.js", import.meta.url).href
let loading = null

export function loadPlotly(version) {
  if (window.Plotly) return Promise.resolve(window.Plotly)
  loading ??= load(`${SOURCE}?v=${version}`).catch((error) => {
    loading = null // the next drawing tries again
    throw new Error(`The chart library did not load from ${SOURCE} (${error.message})`)
  })
  return loading
}

// Streamlit gives the file no lifetime, so that a script element would ask for its 5 MB at every
// visit. Its content changes with the version alone: whatever copy the browser has will do.
async function load(source) {
  const answer = await fetch(source, { cache: "force-cache" })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  const address = URL.createObjectURL(await answer.blob())
  try {
    await run(address)
  } finally {
    URL.revokeObjectURL(address)
  }
  return window.Plotly
}

function run(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = address
    script.onload = resolve
    script.onerror = () => reject(new Error("it did not run"))
    document.head.append(script)
  })
}
