/** The one player that is in front of the viewer, so that page-wide keys reach it. At most one is active. */

export interface PlayerControls {
  toggle(): void;
}

let active: PlayerControls | null = null;

/** Makes a player the active one; the returned function gives the place back. */
export function claimActivePlayer(controls: PlayerControls): () => void {
  active = controls;
  return () => {
    if (active === controls) active = null;
  };
}

/** Pauses or resumes whatever is in front of the viewer. */
export function toggleActivePlayer(): void {
  active?.toggle();
}
