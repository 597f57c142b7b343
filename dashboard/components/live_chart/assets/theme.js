// The page's theme as a Plotly template: what the figure says itself comes before it.

export function readTheme(element) {
  const style = getComputedStyle(element)
  return (name) => style.getPropertyValue(`--st-${name}`).trim()
}

export function template(theme) {
  const text = theme("text-color")
  const axis = {
    gridcolor: theme("border-color-light") || theme("border-color"),
    linecolor: theme("border-color"),
    zerolinecolor: theme("border-color"),
    automargin: true,
  }
  return {
    layout: {
      font: { family: theme("font"), color: text, size: 13 },
      title: { font: { color: theme("heading-color") || text } },
      colorway: theme("chart-categorical-colors").split(",").filter(Boolean),
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      margin: { l: 8, r: 8, t: 32, b: 8 },
      hovermode: "closest",
      hoverlabel: {
        bgcolor: theme("background-color"),
        bordercolor: theme("border-color"),
        font: { family: theme("font"), color: text },
      },
      legend: { bgcolor: "rgba(0,0,0,0)" },
      modebar: {
        bgcolor: "rgba(0,0,0,0)",
        color: theme("border-color"),
        activecolor: theme("primary-color"),
      },
      xaxis: axis,
      yaxis: axis,
    },
  }
}

// Puts the theme's colours where the figure names them: "var(--st-red-color)".
export function resolveColours(value, theme) {
  if (typeof value === "string") {
    const named = /^var\(--st-([\w-]+)\)$/.exec(value)
    return named ? theme(named[1]) : value
  }
  if (Array.isArray(value)) {
    // A column of numbers holds no colour; walking ten of them at every redraw would cost.
    return typeof value[0] === "number" ? value : value.map((part) => resolveColours(part, theme))
  }
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, resolveColours(part, theme)]),
  )
}
