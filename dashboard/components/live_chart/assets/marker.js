// The volume marker: a line over the plot that moves without Plotly.

export class Marker {
  constructor(root) {
    this.line = root.querySelector(".live-chart__marker")
    this.label = this.line.querySelector("span")
    this.plot = root.querySelector(".live-chart__plot")
    this.x = null
  }

  show(x, text) {
    this.x = x
    this.label.textContent = text
    this.place()
  }

  // Also called after every redraw, resize and zoom: the axis has then moved under the line.
  place() {
    const layout = this.plot._fullLayout
    const offset = layout?.xaxis && this.x !== null ? layout.xaxis.d2p(this.x) : NaN
    const inside = offset >= 0 && offset <= layout.xaxis._length
    this.line.hidden = !inside
    if (!inside) return
    const { xaxis, yaxis } = layout
    this.line.style.transform = `translateX(${xaxis._offset + offset}px)`
    this.line.style.top = `${yaxis._offset}px`
    this.line.style.height = `${yaxis._length}px`
    this.line.classList.toggle("live-chart__marker--left", offset > xaxis._length / 2)
  }
}
