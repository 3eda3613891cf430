/** What balloons and lanterns share: lift by Archimedes, drag, wind. Called by balloons.ts and lanterns.ts. */
import type { Stage, StageBody } from '../physics/stage.ts';

/**
 * Lifts a body with `lift` times its weight, against drag, in gusts that differ from place to place. Call every step.
 * @param dragArea drag coefficient × area, m²
 */
export function rise(
  stage: Stage,
  body: StageBody,
  lift: number,
  dragArea: number,
  time: number,
  phase: number,
): void {
  stage.push(body, 0, body.mass * stage.gravity * lift);
  const gust =
    stage.scene.wind * 0.28 + Math.sin(time * 0.9 + phase) * 0.35 + Math.sin(time * 0.37 + phase * 2) * 0.25;
  stage.air(body, dragArea, gust);
  // A hanging weight rights it.
  stage.push(body, 0, 0, -body.rigid.rotation() * body.mass * 0.5 - body.rigid.angvel() * body.mass * 0.16);
}
