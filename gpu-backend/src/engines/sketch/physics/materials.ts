/** What things are made of, for the solver. Densities are scaled for picture-size props, ratios are real. Called by stage.ts. */
import type { Material } from '../simulation-log.ts';

export interface MaterialProperties {
  /** Kilograms per square metre of the side view. */
  readonly density: number;
  readonly restitution: number;
  readonly friction: number;
}

export const materials: Readonly<Record<Material, MaterialProperties>> = {
  rubber: { density: 40, restitution: 0.78, friction: 0.8 },
  wood: { density: 60, restitution: 0.22, friction: 0.55 },
  metal: { density: 240, restitution: 0.3, friction: 0.4 },
  glass: { density: 150, restitution: 0.45, friction: 0.25 },
  stone: { density: 180, restitution: 0.12, friction: 0.7 },
  fabric: { density: 25, restitution: 0.05, friction: 0.8 },
  plastic: { density: 35, restitution: 0.4, friction: 0.45 },
  water: { density: 100, restitution: 0, friction: 0.1 },
  snow: { density: 35, restitution: 0.02, friction: 0.9 },
  sand: { density: 120, restitution: 0.02, friction: 0.9 },
  paper: { density: 12, restitution: 0.1, friction: 0.5 },
  flesh: { density: 55, restitution: 0.12, friction: 0.8 },
  air: { density: 1.2, restitution: 0.2, friction: 0.2 },
};
