// The logarithmic volume slider: a native range input, so that fingers and keys are the browser's.
import { compact, significant } from "./numbers.js"

const STEPS_PER_DECADE = 50
const DIGITS = 3
// An answer can be lost with the connection; the finger must not wait for it for ever.
const LOST_AFTER_MS = 3000

export class Slider {
  constructor(root, moved) {
    this.box = root.querySelector(".live-chart__slider")
    this.input = this.box.querySelector("input")
    this.label = this.box.querySelector(".live-chart__label")
    this.output = this.box.querySelector(".live-chart__value")
    this.moved = moved
    this.options = null
    this.value = null
    this.sent = 0 // number of the last message
    this.sentAt = 0
    this.answered = 0
    this.pending = null // a value that no message has carried yet
    this.held = false // the finger is on it
    this.byFinger = false // and it made the last move, not a key
    this.gone = new AbortController()
    this.timer = 0
    this.listen()
  }

  listen() {
    this.input.oninput = () => this.move()
    this.input.onchange = () => this.settle()
    this.input.onblur = () => this.moved("left")
    // In braces: a handler that returns false would keep the key from the slider.
    this.input.onkeydown = () => { this.byFinger = false }
    this.input.onpointerdown = () => { this.held = this.byFinger = true }
    // The finger may leave the page's slider, and the window, before it is lifted.
    const until = { signal: this.gone.signal }
    for (const event of ["pointerup", "pointercancel"]) {
      window.addEventListener(event, () => { this.held = false }, until)
    }
  }

  // Takes what Python says, unless the finger has been somewhere since.
  update({ slider: options, answered, x_unit }, send) {
    this.send = send
    this.xUnit = x_unit
    this.box.hidden = !options
    if (!options) return
    this.options = options
    this.sent = Math.max(this.sent, answered)
    this.answered = answered
    this.label.textContent = options.label
    this.input.max = Math.ceil(STEPS_PER_DECADE * Math.log10(options.high / options.low))
    if (!this.held && this.pending === null && this.answered >= this.sent) {
      this.value = options.value
      this.input.value = this.position(options.value)
    }
    this.say()
    this.flush()
  }

  get inHand() {
    return this.held || this.pending !== null || this.answered < this.sent
  }

  get x() {
    return this.value * this.options.x_per_unit
  }

  move() {
    this.value = this.valueAt(Number(this.input.value))
    this.pending = { value: this.value, released: false }
    this.say()
    this.moved("moving")
    this.flush()
  }

  // The browser's "change": the finger is off, or a key was pressed. A released finger's value
  // goes out at once; a repeating key waits for answers like a drag does.
  settle() {
    this.held = false
    this.pending = { value: this.value, released: true }
    this.flush(this.byFinger)
    this.moved(this.byFinger ? "left" : "moving")
  }

  // Sends the newest value once the last message was answered, so that no queue builds up.
  flush(now = false) {
    clearTimeout(this.timer)
    if (this.pending === null) return
    const waited = performance.now() - this.sentAt
    if (!now && this.answered < this.sent && waited < LOST_AFTER_MS) {
      this.timer = setTimeout(() => this.flush(), LOST_AFTER_MS - waited)
      return
    }
    const { value, released } = this.pending
    this.pending = null
    this.sentAt = performance.now()
    this.send({ value, turn: ++this.sent, released })
  }

  say() {
    const { unit } = this.options
    const text = `${count(this.value)} ${unit} = ${compact(this.x)} ${this.xUnit}`
    this.output.textContent = text
    this.input.style.setProperty("--live-chart-share", `${(100 * this.input.value) / this.input.max}%`)
    this.input.setAttribute("aria-valuetext", text)
  }

  position(value) {
    const { low, high } = this.options
    return Math.round((this.input.max * Math.log(value / low)) / Math.log(high / low))
  }

  // Round values in the middle, the limits exactly at the ends.
  valueAt(position) {
    const { low, high } = this.options
    const raw = low * (high / low) ** (position / this.input.max)
    return Math.min(high, Math.max(low, Number(raw.toPrecision(DIGITS))))
  }

  dispose() {
    clearTimeout(this.timer)
    this.gone.abort()
  }
}

const count = (value) =>
  value >= 1e7 ? compact(value) : value >= 100 ? Math.round(value).toLocaleString("en-US") : significant(value, DIGITS)
