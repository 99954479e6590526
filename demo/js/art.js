// The pictures: drawn, so that the demo asks nobody for anything.

const SHAPES = {
  'brass-lamp': `<path d="M62 150h76l8 12H54z" fill="url(#m)"/><path d="M98 150V96l34-26" fill="none" stroke="url(#m)" stroke-width="6" stroke-linecap="round"/><path d="M104 34l52 30-14 26c-24 4-48-10-52-30z" fill="url(#m)"/><path d="M128 86l44 58H84l26-62z" fill="#fff3c4" opacity=".55"/><ellipse cx="119" cy="82" rx="13" ry="7" transform="rotate(30 119 82)" fill="#fffbe8"/>`,
  'copper-kettle': `<path d="M60 96c0-22 18-36 40-36s40 14 40 36c0 10 4 22 4 34 0 14-10 22-22 22H78c-12 0-22-8-22-22 0-12 4-24 4-34z" fill="url(#m)"/><path d="M142 98c14 2 16-14 28-18l2 8c-8 6-10 26-26 28z" fill="url(#m)"/><path d="M66 66C60 24 140 24 134 66" fill="none" stroke="#3a2a22" stroke-width="7" stroke-linecap="round"/><circle cx="100" cy="54" r="7" fill="#3a2a22"/><path d="M74 92c2-10 8-16 16-18" stroke="#fff" stroke-width="5" stroke-linecap="round" fill="none" opacity=".6"/>`,
  'glass-marble': `<circle cx="100" cy="104" r="52" fill="url(#g)"/><path d="M60 110c20-34 34 16 54-14 12-18 22-14 32 0-2 34-22 56-46 56-22 0-36-18-40-42z" fill="#fff" opacity=".35"/><path d="M66 92c14-20 40 10 66-20" fill="none" stroke="#fff" stroke-width="5" opacity=".6" stroke-linecap="round"/><ellipse cx="82" cy="76" rx="14" ry="9" transform="rotate(-35 82 76)" fill="#fff" opacity=".85"/>`,
  'silver-whistle': `<path d="M40 84h70a34 34 0 1 1-33 42l-37-14z" fill="url(#m)"/><circle cx="110" cy="118" r="17" fill="#39424a"/><circle cx="112" cy="115" r="8" fill="#f3d9a0"/><path d="M78 84h18v14H84z" fill="#39424a"/><circle cx="146" cy="86" r="8" fill="none" stroke="#78848c" stroke-width="4"/><path d="M152 80c18-16 12-44-16-44" fill="none" stroke="#8a3b3b" stroke-width="4"/>`,
  'pocket-mirror': `<circle cx="84" cy="92" r="42" fill="url(#m)"/><circle cx="84" cy="92" r="33" fill="#eaf3f5"/><path d="M66 108l34-38M78 116l30-34" stroke="#fff" stroke-width="7" stroke-linecap="round"/><ellipse cx="124" cy="130" rx="42" ry="20" transform="rotate(-18 124 130)" fill="url(#m)"/><ellipse cx="124" cy="127" rx="31" ry="13" transform="rotate(-18 124 127)" fill="#fff" opacity=".35"/>`,
  'walnut-radio': `<rect x="38" y="62" width="124" height="86" rx="12" fill="url(#m)"/><g stroke="#2c1c12" stroke-width="4" stroke-linecap="round"><path d="M54 82h44M54 94h44M54 106h44M54 118h44M54 130h44"/></g><circle cx="132" cy="96" r="20" fill="#f4ead7"/><path d="M132 96l9-13" stroke="#8a3b3b" stroke-width="4" stroke-linecap="round"/><circle cx="122" cy="132" r="6" fill="#f4ead7"/><circle cx="142" cy="132" r="6" fill="#f4ead7"/><path d="M56 62l-12-30" stroke="#78848c" stroke-width="4" stroke-linecap="round"/>`,
  'enamel-mug': `<path d="M58 66h72v70c0 10-8 16-18 16H76c-10 0-18-6-18-16z" fill="url(#g)"/><path d="M130 82c26-4 28 40 0 40" fill="none" stroke="url(#g)" stroke-width="10"/><ellipse cx="94" cy="66" rx="36" ry="9" fill="#fff"/><ellipse cx="94" cy="67" rx="29" ry="6" fill="#5b3a25"/><path d="M84 48c-6-10 6-12 0-22M102 48c-6-10 6-12 0-22" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" opacity=".8"/>`,
  'wool-blanket': `<path d="M44 78c30-14 84-14 112 0v58c-28 14-82 14-112 0z" fill="url(#g)"/><path d="M44 98c30 12 82 12 112 0M44 116c30 12 82 12 112 0" fill="none" stroke="#fff" stroke-width="6" opacity=".55"/><path d="M48 138v14M64 144v14M82 147v14M100 148v14M118 147v14M136 144v14M152 138v14" stroke="#f4ead7" stroke-width="4" stroke-linecap="round"/>`,
};

/** The picture of a product, as SVG text. */
export function picture({ id, name, hue, chroma = 1 }) {
  const tone = (saturation, lightness) => `hsl(${hue} ${saturation * chroma}% ${lightness}%)`;
  const shapes = SHAPES[id].replaceAll('(#m)', `(#m-${id})`).replaceAll('(#g)', `(#g-${id})`);
  return `<svg viewBox="0 0 200 200" preserveAspectRatio="xMidYMid slice" role="img" aria-label="${name}">
    <defs>
      <linearGradient id="m-${id}" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${tone(60, 78)}"/><stop offset=".45" stop-color="${tone(48, 52)}"/><stop offset="1" stop-color="${tone(45, 30)}"/></linearGradient>
      <radialGradient id="g-${id}" cx=".35" cy=".3" r=".9"><stop offset="0" stop-color="${tone(55, 80)}"/><stop offset="1" stop-color="${tone(45, 34)}"/></radialGradient>
      <radialGradient id="b-${id}" cx=".5" cy=".4" r=".8"><stop offset="0" stop-color="${tone(42, 93)}"/><stop offset="1" stop-color="${tone(30, 80)}"/></radialGradient>
    </defs>
    <rect width="200" height="200" fill="url(#b-${id})"/><ellipse cx="100" cy="162" rx="64" ry="9" fill="${tone(30, 30)}" opacity=".18"/>${shapes}</svg>`;
}
