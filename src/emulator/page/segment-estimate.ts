/** The size of a text. */
export interface SegmentEstimate {
  /** Number of SMS segments. */
  readonly segments: number;
  /** Characters that still fit into the last segment. */
  readonly left: number;
  /** Whether a character outside GSM 03.38 makes all characters take 16 bits. */
  readonly unicode: boolean;
}

const GSM =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_ESCAPED = "^{}\\[~]|€\f";

const GSM_SIZE = { single: 160, joined: 153 };
const UCS2_SIZE = { single: 70, joined: 67 };

/** Estimates the segments while the reader types; for sent messages the emulator counts them. */
export function estimateSegments(text: string): SegmentEstimate {
  const widths = Array.from(text, measureGsmWidth);
  const unicode = widths.includes(null);
  const units = unicode ? Array.from(text, (character) => character.length) : widths.map((width) => width ?? 0);
  return { ...packUnits(units, unicode ? UCS2_SIZE : GSM_SIZE), unicode };
}

function measureGsmWidth(character: string): number | null {
  if (GSM.includes(character)) return 1;
  return GSM_ESCAPED.includes(character) ? 2 : null;
}

/** Counts segments. A character of two units is not split, so a segment may end early. */
function packUnits(
  units: readonly number[],
  size: { single: number; joined: number },
): { segments: number; left: number } {
  const total = units.reduce((sum, unit) => sum + unit, 0);
  if (total <= size.single) return { segments: total === 0 ? 0 : 1, left: size.single - total };
  let segments = 1;
  let used = 0;
  for (const unit of units) {
    if (used + unit > size.joined) {
      segments += 1;
      used = 0;
    }
    used += unit;
  }
  return { segments, left: size.joined - used };
}
