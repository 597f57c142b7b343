// One chart for as long as it is on the page: drawn in place, never made anew.
import { Marker } from "./marker.js"
import { compact } from "./numbers.js"
import { loadPlotly } from "./plotly.js"
import { Readout } from "./readout.js"
import { Slider } from "./slider.js"
import { readTheme, resolveColours, template } from "./theme.js"

const NARROW_PX = 560
let charts = 0

export class Chart {
  constructor(parent) {
    this.root = parent.querySelector(".live-chart")
    this.plot = this.root.querySelector(".live-chart__plot")
    this.message = this.root.querySelector(".live-chart__message")
    this.marker = new Marker(this.root)
    this.readout = new Readout(this.root)
    this.slider = new Slider(this.root, (phase) => this.follow(phase))
    this.observer = new ResizeObserver(() => this.fit())
    this.turn = 0
    this.drawn = "" // what the last drawing was made of
    this.drawing = null
    this.disposed = false
    this.observer.observe(this.plot)
    this.name(++charts)
  }

  // Ties the parts that name and describe others to them.
  name(number) {
    const [spoken, input] = [this.readout.spoken, this.slider.input]
    spoken.id = `live-chart-${number}-spoken`
    input.id = `live-chart-${number}-slider`
    this.slider.label.htmlFor = input.id
  }

  // Names the drawing for who cannot see it. Not the whole plot: that holds buttons too, and an
  // image's parts are not announced.
  describe() {
    const [image, ...rest] = this.plot.querySelectorAll(".main-svg")
    if (!image) return
    image.setAttribute("role", "img")
    image.setAttribute("aria-label", this.answer.alt)
    image.setAttribute("aria-describedby", this.readout.spoken.id)
    rest.forEach((layer) => layer.setAttribute("aria-hidden", "true"))
  }

  // Takes an answer of the page; returns its number.
  show(answer, send) {
    this.answer = answer
    this.describe()
    this.plot.style.minHeight = `${answer.height_px}px`
    this.slider.update(answer, send)
    this.placeMarker()
    this.draw()
    return ++this.turn
  }

  // The browser's own part while the finger is down: no answer of the page is waited for.
  follow(phase) {
    this.placeMarker()
    if (phase === "moving") this.readout.show(this.slider.x, this.text(this.slider.x))
    else this.readout.hide()
  }

  placeMarker() {
    const { marker, slider } = this.answer
    const x = slider && (this.slider.inHand || marker === null) ? this.slider.x : marker
    this.marker.show(x, this.text(x))
    this.readout.speak(x, this.text(x))
  }

  text(x) {
    return x === null ? "" : `${compact(x)} ${this.answer.x_unit}`
  }

  // Draws the newest answer; while one drawing runs, later answers wait for it as one.
  async draw() {
    if (this.drawing || this.plot.clientWidth === 0) return
    this.drawing = this.drawNewest()
    try {
      await this.drawing
      this.message.textContent = ""
    } catch (error) {
      this.message.textContent = `${error.message}. The same numbers are in the table.`
    } finally {
      this.drawing = null
    }
  }

  async drawNewest() {
    this.message.textContent = window.Plotly ? "" : "Loading the chart…"
    const plotly = await loadPlotly(this.answer.plotly_version)
    while (!this.disposed && this.drawn !== this.wanted()) {
      const wanted = this.wanted()
      await plotly.react(this.plot, { ...this.figure(), config: this.config() })
      this.drawn = wanted
      this.afterDrawing(plotly)
    }
  }

  wanted() {
    const theme = readTheme(this.root)
    const { figure_id, height_px } = this.answer
    return [figure_id, height_px, this.isNarrow(), theme("text-color"), theme("background-color"), theme("font")].join()
  }

  figure() {
    const theme = readTheme(this.root)
    const { data, layout } = resolveColours(this.answer.figure, theme)
    const narrow = this.isNarrow()
    return {
      data,
      layout: {
        uirevision: "live-chart",
        ...layout,
        ...(narrow ? { ...narrowLayout(layout), ...layout.meta?.narrow } : {}),
        template: template(theme),
        width: this.plot.clientWidth,
        height: this.height(data),
      },
    }
  }

  config() {
    // The observer knows of the sidebar too, not only of the window.
    return { ...this.answer.config, responsive: false }
  }

  // On a telephone the legend goes below and gets rows of its own.
  height(data) {
    return this.answer.height_px + (this.isNarrow() ? 20 * legendRows(data) : 0)
  }

  isNarrow() {
    return this.plot.clientWidth < NARROW_PX
  }

  afterDrawing(plotly) {
    this.plotly = plotly
    this.describe()
    this.placeMarker()
    if (this.listening) return
    this.listening = true
    for (const event of ["plotly_afterplot", "plotly_relayouting"]) {
      this.plot.on(event, () => this.marker.place())
    }
  }

  fit() {
    if (this.disposed || this.plot.clientWidth === 0) return
    if (this.drawn !== this.wanted()) this.draw()
    else if (this.plot.clientWidth !== this.plot._fullLayout.width) {
      this.plotly.relayout(this.plot, { width: this.plot.clientWidth })
    }
  }

  dispose() {
    this.disposed = true
    this.observer.disconnect()
    this.slider.dispose()
    this.plotly?.purge(this.plot)
  }
}

function legendRows(data) {
  return data.filter((trace) => trace.showlegend !== false && trace.name).length
}

function narrowLayout(layout) {
  return {
    legend: { ...layout.legend, orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
    margin: { ...layout.margin, l: 8, r: 8 },
    // One finger scrolls the page; a box to zoom would catch it.
    dragmode: false,
  }
}
