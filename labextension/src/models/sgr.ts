/**
 * Text style of a terminal, packed into one number (0 = plain), and the SGR sequences that change it.
 *
 * Colours are the 16 named ones only: 256-colour and true-colour values go to the nearest of them, so that every
 * colour comes from the theme and keeps its contrast (ECMA-48 8.3.117, xterm's extensions 38 and 48).
 */
export const BOLD = 1;
export const DIM = 2;
export const ITALIC = 4;
export const UNDERLINE = 8;
export const INVERSE = 16;
export const STRIKE = 32;
const FLAGS: Record<number, number> = {
  1: BOLD,
  2: DIM,
  3: ITALIC,
  4: UNDERLINE,
  7: INVERSE,
  9: STRIKE
};
const UNFLAGS: Record<number, number> = {
  21: BOLD,
  22: BOLD | DIM,
  23: ITALIC,
  24: UNDERLINE,
  27: INVERSE,
  29: STRIKE
};
const FOREGROUND = 6;
const BACKGROUND = 11;
const COLOUR_MASK = 31;

/** Foreground: 0 = default, 1–16 = the named colours. */
export function foreground(style: number): number {
  return (style >> FOREGROUND) & COLOUR_MASK;
}

/** Background: 0 = default, 1–16 = the named colours. */
export function background(style: number): number {
  return (style >> BACKGROUND) & COLOUR_MASK;
}

function withColour(style: number, shift: number, colour: number): number {
  return (style & ~(COLOUR_MASK << shift)) | (colour << shift);
}

/** The style after `CSI parameters m`. Parameters that are unknown or wrong change nothing. */
export function applySgr(style: number, parameters: string): number {
  const values = parameters.split(/[;:]/).map(text => Number(text || '0'));
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === 0) {
      style = 0;
    } else if (FLAGS[value]) {
      style |= FLAGS[value];
    } else if (UNFLAGS[value]) {
      style &= ~UNFLAGS[value];
    } else if (value >= 30 && value <= 37) {
      style = withColour(style, FOREGROUND, value - 29);
    } else if (value >= 90 && value <= 97) {
      style = withColour(style, FOREGROUND, value - 81);
    } else if (value >= 40 && value <= 47) {
      style = withColour(style, BACKGROUND, value - 39);
    } else if (value >= 100 && value <= 107) {
      style = withColour(style, BACKGROUND, value - 91);
    } else if (value === 39) {
      style = withColour(style, FOREGROUND, 0);
    } else if (value === 49) {
      style = withColour(style, BACKGROUND, 0);
    } else if (value === 38 || value === 48) {
      const shift = value === 38 ? FOREGROUND : BACKGROUND;
      if (values[i + 1] === 5) {
        style = withColour(style, shift, fromPalette(values[i + 2]));
        i += 2;
      } else if (values[i + 1] === 2) {
        const [r, g, b] = values.slice(i + 2, i + 5);
        style = withColour(style, shift, nearest(r, g, b));
        i += 4;
      }
    }
  }
  return style;
}

/** xterm's palette of 256: 16 named, a cube of 216, 24 greys. */
function fromPalette(index: number | undefined): number {
  if (index === undefined || !(index >= 0 && index <= 255)) {
    return 0;
  }
  if (index < 16) {
    return index + 1;
  }
  if (index > 231) {
    const grey = (index - 232) * 10 + 8;
    return nearest(grey, grey, grey);
  }
  const level = (step: number) => (step ? step * 40 + 55 : 0);
  const cube = index - 16;
  return nearest(
    level(Math.floor(cube / 36)),
    level(Math.floor(cube / 6) % 6),
    level(cube % 6)
  );
}

/** The named colour whose hue is nearest; greys become default, or bright black where they are meant to be faint. */
function nearest(r = NaN, g = NaN, b = NaN): number {
  if (![r, g, b].every(value => value >= 0 && value <= 255)) {
    return 0;
  }
  const high = Math.max(r, g, b);
  const spread = high - Math.min(r, g, b);
  if (spread < 40) {
    return high > 80 && high < 180 ? 9 : 0;
  }
  const on = (value: number) => (value > high - spread / 2 ? 1 : 0);
  return 1 + on(r) + 2 * on(g) + 4 * on(b) + (high > 220 ? 8 : 0);
}
