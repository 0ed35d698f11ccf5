// Returns every visible text whose contrast with what lies behind it is under 4.5 : 1 (WCAG 2.1 AA).
() => {
  const channel = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const parse = colour => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return [red, green, blue, alpha];
  };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
  const weak = [];
  for (const element of document.querySelectorAll("p, a, span, label, h1, h2, h3, td, th, text, tspan, div, button")) {
    const says = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!says || !element.getClientRects().length) continue;
    if (element.closest("tspan[style*=fill]")) continue; // of the palette: tests/ui/test_palette.py
    const layers = [];
    let opacity = 1;
    for (let parent = element; parent; parent = parent.parentElement) {
      const style = getComputedStyle(parent);
      opacity *= parseFloat(style.opacity);
      const layer = parse(style.backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] === 1) break;
    }
    const back = layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
    const style = getComputedStyle(element);
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    const [one, other] = [light(over([...ink.slice(0, 3), ink[3] * opacity], back)), light(back)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) weak.push(`${ratio.toFixed(2)} ${element.textContent.trim().slice(0, 60)}`);
  }
  return weak;
}
