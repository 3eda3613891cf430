/**
 * The one place that loads the media library (FFmpeg through node-av, prebuilt by npm) and sets it quiet. Encoding drives
 * libx264 and AAC directly because mediabunny's own encoder fixes the preset, the colour matrix and the key frame interval;
 * mediabunny demuxes and muxes. Called by the other files of this folder.
 */
import { registerMediabunnyServer } from '@mediabunny/server';
import * as av from 'node-av';

let ready = false;

/** FFmpeg's API, logging errors only. */
export function mediaLibrary(): typeof av {
  if (!ready) {
    // Decoding stays in software: probing for devices prints to the terminal, and short clips gain nothing from it.
    registerMediabunnyServer({ hardwareContext: null });
    av.Log.setLevel(av.AV_LOG_ERROR);
    ready = true;
  }
  return av;
}

/** Throws with a name for what was tried when FFmpeg answers with an error. */
export function check(status: number, action: string): void {
  if (status < 0) throw new Error(`${action} failed: ${new av.FFmpegError(status).message}`);
}
