// Keeps the section that the address names in view until the formulas above it have their height.
// Streamlit goes there once, when the heading stands, and most of the page grows after that.
const LOOK_MS = 100
const STILL_MS = 1500
const GIVE_UP_MS = 15000
const HANDS_ON = ["wheel", "touchstart", "pointerdown", "keydown"]

const followed = new WeakSet() // an answer of the same page must not move the reader again

export default function ({ parentElement }) {
  const name = decodeURIComponent(location.hash.slice(1))
  if (!name || followed.has(parentElement)) return
  followed.add(parentElement)
  follow(name)
}

function follow(name) {
  const began = performance.now()
  let [still, top] = [began, null]
  const timer = setInterval(look, LOOK_MS)
  HANDS_ON.forEach((event) => addEventListener(event, stop, { passive: true }))

  function look() {
    const [now, heading] = [performance.now(), document.getElementById(name)]
    const place = heading && heading.getBoundingClientRect().top
    if (heading && place !== top) {
      heading.scrollIntoView()
      top = heading.getBoundingClientRect().top
      still = now
    }
    if ((heading && now - still > STILL_MS) || now - began > GIVE_UP_MS) stop()
  }

  function stop() {
    clearInterval(timer)
    HANDS_ON.forEach((event) => removeEventListener(event, stop))
  }
}
