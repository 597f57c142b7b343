// Numbers to text while the finger is down, as dashboard/formats.py writes them.
const SCALES = [[1e15, "Q"], [1e12, "T"], [1e9, "B"], [1e6, "M"]]

export function significant(value, digits) {
  if (value === 0) return "0"
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  const decimals = Math.min(20, Math.max(0, digits - 1 - magnitude))
  return value.toLocaleString("en-US", { maximumFractionDigits: decimals })
}

export function compact(value) {
  for (const [scale, word] of SCALES) {
    if (Math.abs(value) >= scale * 0.9995) return `${significant(value / scale, 3)}\u00a0${word}`
  }
  return significant(value, 3)
}

// A value on an axis, between the axis's own prefix and suffix ("$", "/month").
export function onAxis(value, axis) {
  const text = Math.abs(value) >= 10 && Math.abs(value) < 1e6
    ? Math.round(value).toLocaleString("en-US")
    : compact(value)
  return `${axis.tickprefix ?? ""}${text}${axis.ticksuffix ?? ""}`
}
