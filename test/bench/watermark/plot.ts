/**
 * Bars as SVG, readable on light and dark pages. Called by report.ts.
 */

export interface Bar {
  readonly label: string;
  /** 0 … 1 for each series; null where it was not tried. */
  readonly shares: readonly (number | null)[];
}

const colors = ['#2f7d6b', '#7bb3a3', '#c9a227'];
const escapeXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** Horizontal bars, a group for each label, a colour for each series. */
export function barChart(title: string, series: readonly string[], bars: readonly Bar[]): string {
  const [left, width, bar, gap, top] = [210, 420, 9, 9, 62];
  const row = series.length * bar + gap;
  const height = top + bars.length * row + 34;
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 70} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="#fbfaf7"/>`,
    `<text x="16" y="26" font-size="15" font-weight="600" fill="#1d1d1b">${escapeXml(title)}</text>`,
  ];
  series.forEach((name, i) => {
    out.push(
      `<rect x="${left + i * 150}" y="38" width="10" height="10" fill="${colors[i % colors.length]}"/>`,
    );
    out.push(`<text x="${left + 15 + i * 150}" y="47" fill="#444">${escapeXml(name)}</text>`);
  });
  for (const tick of [0, 25, 50, 75, 100]) {
    const x = left + (width * tick) / 100;
    out.push(`<line x1="${x}" y1="${top - 6}" x2="${x}" y2="${height - 26}" stroke="#ddd8cc"/>`);
    out.push(`<text x="${x}" y="${height - 10}" text-anchor="middle" fill="#666">${tick} %</text>`);
  }
  bars.forEach(({ label, shares }, i) => {
    const y = top + i * row;
    out.push(
      `<text x="${left - 8}" y="${y + (series.length * bar) / 2 + 4}" text-anchor="end" fill="#1d1d1b">${escapeXml(label)}</text>`,
    );
    shares.forEach((share, k) => {
      if (share === null) return;
      const w = Math.max(1, share * width);
      out.push(
        `<rect x="${left}" y="${y + k * bar}" width="${w.toFixed(1)}" height="${bar - 1}" fill="${colors[k % colors.length]}"/>`,
      );
    });
  });
  out.push('</svg>');
  return `${out.join('\n')}\n`;
}
