/** What a setting is: it paints its layers through the builder. One file each; see registry.ts. */
import type { BackdropBuilder } from '../backdrop.ts';

export interface Setting {
  /** Has walls: no sun, no clouds, no weather. */
  readonly indoors?: boolean;
  /** Has no clouds. */
  readonly airless?: boolean;
  paint(b: BackdropBuilder): void;
}
