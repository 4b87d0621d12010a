/** What a text costs: how many SMS segments, and how many characters the last of them still takes. */
export interface SegmentEstimate {
  readonly segments: number;
  readonly left: number;
  /** A character outside GSM 03.38 makes every character cost 16 bits. */
  readonly unicode: boolean;
}

const GSM =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_ESCAPED = "^{}\\[~]|€\f";

const GSM_SIZE = { single: 160, joined: 153 };
const UCS2_SIZE = { single: 70, joined: 67 };

/** An estimate while typing; the number on a sent message is the emulator's. */
export function estimateSegments(text: string): SegmentEstimate {
  const widths = Array.from(text, measureGsmWidth);
  const unicode = widths.includes(null);
  const units = unicode ? Array.from(text, (sign) => sign.length) : widths.map((width) => width ?? 0);
  return { ...packUnits(units, unicode ? UCS2_SIZE : GSM_SIZE), unicode };
}

function measureGsmWidth(sign: string): number | null {
  if (GSM.includes(sign)) return 1;
  return GSM_ESCAPED.includes(sign) ? 2 : null;
}

/** Characters of two units are never cut in half, so segments may end early. */
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
