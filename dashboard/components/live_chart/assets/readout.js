// What every line says at the marker, read off the points that the page was served.
import { onAxis } from "./numbers.js"

// So much of the plot's height the rows may cover; the lowest values come first.
const SHARE_OF_PLOT = 0.4
const ROW_PX = 18

// The value of one trace at x: on the straight line between its two neighbouring points.
export function valueAt(trace, x) {
  const { x: xs, y: ys } = trace
  if (!xs?.length || x < xs[0] || x > xs[xs.length - 1]) return null
  let low = 0
  let high = xs.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (xs[middle] <= x) low = middle
    else high = middle
  }
  if (!isNumber(ys[low]) || !isNumber(ys[high])) return x === xs[high] ? numberOr(ys[high]) : null
  const share = xs[high] === xs[low] ? 1 : (x - xs[low]) / (xs[high] - xs[low])
  return ys[low] + share * (ys[high] - ys[low])
}

// One row a name, the smallest value first; bands and other traces without a name are left out.
export function rowsAt(traces, x) {
  const rows = new Map()
  for (const trace of traces) {
    if (!isNamedLine(trace)) continue
    const value = valueAt(trace, x)
    if (value === null || rows.has(trace.name)) continue
    rows.set(trace.name, { name: trace.name, value, colour: trace.line?.color })
  }
  return [...rows.values()].sort((one, other) => one.value - other.value)
}

export class Readout {
  constructor(root) {
    this.box = root.querySelector(".live-chart__readout")
    this.spoken = root.querySelector(".live-chart__spoken")
    this.plot = root.querySelector(".live-chart__plot")
  }

  // Shows the rows beside the marker, on the side that has room.
  show(x, title) {
    const layout = this.plot._fullLayout
    if (!layout?.xaxis || x === null) return this.hide()
    const { xaxis, yaxis } = layout
    const rows = rowsAt(this.plot._fullData ?? [], x)
    const room = Math.max(1, Math.floor((SHARE_OF_PLOT * yaxis._length) / ROW_PX))
    this.box.hidden = rows.length === 0
    this.box.replaceChildren(
      heading(title),
      ...rows.slice(0, room).map((row) => line(row, yaxis)),
      ...(rows.length > room ? [more(rows.length - room)] : []),
    )
    const right = xaxis.d2p(x) <= xaxis._length / 2
    this.box.style.top = `${yaxis._offset + 24}px`
    this.box.style.left = right ? "auto" : `${xaxis._offset + 8}px`
    this.box.style.right = right ? `${this.plot.clientWidth - xaxis._offset - xaxis._length + 8}px` : "auto"
  }

  hide() {
    this.box.hidden = true
  }

  // The same in a sentence, for who cannot see the chart.
  speak(x, title) {
    const axis = this.plot._fullLayout?.yaxis
    if (!axis || x === null) return
    const rows = rowsAt(this.plot._fullData ?? [], x)
    const parts = rows.map((row) => `${row.name} ${onAxis(row.value, axis)}`)
    this.spoken.textContent = parts.length ? `At ${title}: ${parts.join("; ")}.` : ""
  }
}

function isNamedLine(trace) {
  const drawn = trace.visible === true && trace.type.startsWith("scatter") && trace.mode?.includes("lines")
  return drawn && trace.name && trace.hoverinfo !== "skip" && trace.xaxis === "x"
}

function heading(text) {
  const element = document.createElement("strong")
  element.textContent = text
  return element
}

function more(count) {
  const element = document.createElement("small")
  element.textContent = `and ${count} more`
  return element
}

function line({ name, value, colour }, axis) {
  const row = document.createElement("div")
  const swatch = document.createElement("i")
  swatch.style.background = colour
  const label = document.createElement("span")
  label.textContent = name
  const number = document.createElement("b")
  number.textContent = onAxis(value, axis)
  row.append(swatch, label, number)
  return row
}

const isNumber = (value) => typeof value === "number" && Number.isFinite(value)
const numberOr = (value) => (isNumber(value) ? value : null)
