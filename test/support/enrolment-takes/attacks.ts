/**
 * Pictures held in front of a camera: a flat print turned and moved by hand, and a screen that plays a take. Both are planes in
 * space; the screen also has red, green and blue stripes that beat with the camera's own pixels, a bright back light and a
 * black border. Called by make.ts.
 */
import { type Image, newImage, sample } from './raster.ts';

export interface Held {
  /** Radians. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly dx: number;
  readonly dy: number;
  readonly scale: number;
}

/** Where the camera's ray through a pixel meets the held plane, in the plane's own pixels. */
function onPlane(
  held: Held,
  width: number,
  height: number,
): (x: number, y: number) => readonly [number, number] {
  const focal = 1.3 * width;
  const [cy, sy, cp, sp, cr, sr] = [held.yaw, held.pitch, held.roll].flatMap((a) => [
    Math.cos(a),
    Math.sin(a),
  ]) as [number, number, number, number, number, number];
  // Columns of the rotation: the plane's x and y axes in space.
  const ax = [cy * cr, cp * sr + sp * sy * cr, sp * sr - cp * sy * cr] as const;
  const ay = [-cy * sr, cp * cr - sp * sy * sr, sp * cr + cp * sy * sr] as const;
  const normal = [
    ax[1] * ay[2] - ax[2] * ay[1],
    ax[2] * ay[0] - ax[0] * ay[2],
    ax[0] * ay[1] - ax[1] * ay[0],
  ] as const;
  const centre = [held.dx, held.dy, focal / held.scale] as const;
  const reach = normal[0] * centre[0] + normal[1] * centre[1] + normal[2] * centre[2];
  return (x, y) => {
    const ray = [x - width / 2, y - height / 2, focal] as const;
    const t = reach / (normal[0] * ray[0] + normal[1] * ray[1] + normal[2] * ray[2]);
    const hit = [ray[0] * t - centre[0], ray[1] * t - centre[1], ray[2] * t - centre[2]] as const;
    return [
      hit[0] * ax[0] + hit[1] * ax[1] + hit[2] * ax[2] + width / 2,
      hit[0] * ay[0] + hit[1] * ay[1] + hit[2] * ay[2] + height / 2,
    ];
  };
}

/** A print in front of a plain wall. */
export function holdPrint(picture: Image, held: Held): Image {
  const { width, height } = picture;
  const out = newImage(width, height);
  const hit = onPlane(held, width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = hit(x, y);
      const to = (y * width + x) * 4;
      if (u >= 0 && v >= 0 && u < width && v < height) sample(picture, u, v, out.data, to);
      else out.data.set([168, 164, 156], to);
    }
  return out;
}

/** Screen pixels per pixel of the picture it shows. */
const dots = 1.17;
/**
 * How much of the stripes' contrast lens and pixel leave: the first harmonic of a third-wide stripe through a pixel as wide as a
 * triple is a tenth or so, and the camera picks it at its own pixels, which is what makes it beat.
 */
const [columnContrast, rowContrast] = [0.1, 0.05];
const border = 18;

/** A screen that shows the picture. */
export function filmScreen(picture: Image, held: Held): Image {
  const { width, height } = picture;
  const out = newImage(width, height);
  const hit = onPlane(held, width, height);
  const shown = new Uint8ClampedArray(4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 4;
      const [u, v] = hit(x, y);
      if (!(u >= 0 && v >= 0 && u < width && v < height)) {
        const edge = u >= -border && v >= -border && u < width + border && v < height + border;
        out.data.set(edge ? [10, 10, 11] : [52, 50, 54], to);
        continue;
      }
      sample(picture, u, v, shown, 0);
      const rows = 1 + rowContrast * Math.cos(2 * Math.PI * v * dots);
      for (let c = 0; c < 3; c++) {
        const stripes = 1 + columnContrast * Math.cos(2 * Math.PI * (u * dots - c / 3));
        // What is seen is light, so it is multiplied before it is coded (gamma 2.2); black glows a little.
        const light = (((shown[c] ?? 0) / 255) ** 2.2 * 1.1 + 0.008) * stripes * rows;
        out.data[to + c] = 255 * light ** (1 / 2.2);
      }
    }
  return out;
}
