/** Ramps, rails and other fixed shapes of an action, painted once into the layer that moves with it. Called by painter.ts. */
import { darken, lighten } from '../color.ts';
import type { Performance } from '../physics/performance.ts';
import type { BackdropBuilder } from './backdrop.ts';

export function paintSolids(b: BackdropBuilder, performance: Performance): void {
  if (performance.solids.length === 0) return;
  const all = performance.solids.flatMap((s) => s.points);
  const top = Math.min(...all.map((p) => b.view.baseY(p[1])));
  const bottom = Math.max(...all.map((p) => b.view.baseY(p[1])));
  b.layer(1, top - 30, Math.min(bottom, b.height * 2) + 30, (pen, _width, offset) => {
    for (const solid of performance.solids) {
      const points = solid.points.map(([x, y]) => [b.view.baseX(x) + offset, b.view.baseY(y)] as const);
      pen.poly(points, solid.color, { depth: solid.kind === 'earth' || solid.kind === 'snow' ? 0.6 : 0.9 });
      const crest = points.slice(0, Math.max(2, Math.ceil(points.length / 2)));
      if (solid.kind === 'earth') pen.line(crest, lighten(solid.color, 0.22), 7 * b.unit);
      if (solid.kind === 'wood') pen.line(crest, darken(solid.color, 0.2), 3 * b.unit);
    }
  });
}
