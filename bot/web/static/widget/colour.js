/** Any store colour made usable: what to write on it, and shades to read on our two grounds. */
export function palette(colour) {
  const brand = toRgb(/^#[\da-f]{6}$/i.test(colour) ? colour : "#3457d5");
  return {
    "--brand": toCss(brand),
    "--on-brand": contrast(brand, WHITE) > contrast(brand, BLACK) ? "#fff" : "#000",
    "--accent-light": toCss(readable(brand, [243, 244, 246], BLACK)),
    "--accent-dark": toCss(readable(brand, [44, 48, 56], WHITE)),
  };
}

const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];

/** `colour` moved towards `end` until it can be read on `ground` (WCAG AA). */
function readable(colour, ground, end) {
  let part = 0;
  const mix = () => colour.map((value, i) => Math.round(value + (end[i] - value) * part));
  while (contrast(mix(), ground) < 4.5) part += 0.05;
  return mix();
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part < 0.04 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function toRgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function toCss(colour) {
  return `rgb(${colour})`;
}
