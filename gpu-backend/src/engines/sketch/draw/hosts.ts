/**
 * A likeness that the action shows too small, or not at all, also looks out of a medallion at the top of the frame: whoever is cast can
 * be recognised on a phone. Invariant: never where the action plays, and only for those who need it. Called by painter.ts.
 */
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { alpha, mix } from '../color.ts';
import type { Performance } from '../physics/performance.ts';
import { boundsOf } from '../physics/shapes.ts';
import { hashString } from '../random.ts';
import type { ScenePerson } from '../scene/scene.ts';
import { poseAt } from './bodies.ts';
import { type Light, Pen } from './pen.ts';
import type { PortraitArt } from './portraits.ts';
import { drawCharacter } from './sprites/character.ts';
import { drawSpeakingPhoto } from './sprites/portrait.ts';
import type { Pose } from './sprites/sprite.ts';
import type { Style } from './style.ts';
import { talkAt } from './talk.ts';
import type { View } from './view.ts';

/** Pixels at 720 wide: a head at least this tall needs no medallion. */
const smallestFace = 110;
/** Share of a character's height that is its head. */
const headShare = 0.5;
/** Share of the clip a character must be on screen for. */
const presence = 0.6;

interface Host {
  readonly person: ScenePerson;
  readonly x: number;
  readonly y: number;
  readonly seed: number;
}

export class HostPainter {
  readonly #performance: Performance;
  readonly #style: Style;
  readonly #light: Light;
  readonly #people: ReadonlyMap<string, PortraitArt>;
  readonly #hosts: readonly Host[];
  readonly #radius: number;
  readonly #shortSide: number;
  readonly #baked = new Map<string, Canvas>();

  constructor(
    performance: Performance,
    view: View,
    style: Style,
    light: Light,
    people: ReadonlyMap<string, PortraitArt>,
  ) {
    const { scene } = performance;
    this.#performance = performance;
    this.#style = style;
    this.#light = light;
    this.#people = people;
    this.#shortSide = Math.min(scene.width, scene.height);
    const needing = scene.people.filter(({ kind }) => !isSeen(performance, view, kind));
    // A crowd shares the row.
    this.#radius = Math.round(
      Math.min(104 * view.unit, (scene.width * 0.94) / (1.85 * needing.length + 0.15)),
    );
    // Centred as a row below what phones cover at the top.
    const step = this.#radius * 1.85;
    const left = scene.width / 2 - (step * (needing.length - 1)) / 2;
    const y = scene.height * (scene.height > scene.width ? 0.16 : 0.2);
    this.#hosts = needing.map((person, i) => ({
      person,
      x: left + i * step,
      y,
      seed: hashString(person.handle),
    }));
  }

  draw(ctx: SKRSContext2D, time: number): void {
    const { scene, highlight } = this.#performance;
    for (const host of this.#hosts) {
      const beat = (time + (host.seed % 97) / 30) % 3.1;
      const pose: Pose = {
        air: false,
        blink: beat < 0.13,
        cheer: time > highlight && time < highlight + 1.6,
        phase: 0,
        talk: talkAt(scene, host.person.kind, time),
      };
      const medallion = this.#bake(host.person, pose);
      // A breath: alive, and never quite still.
      const lift = Math.sin(time * 1.6 + (host.seed % 7)) * 0.012 * this.#radius;
      ctx.drawImage(medallion, host.x - medallion.width / 2, host.y - medallion.height / 2 + lift);
    }
  }

  #bake({ kind }: ScenePerson, pose: Pose): Canvas {
    const key = `${kind}${pose.blink}${pose.cheer}${pose.talk}`;
    const known = this.#baked.get(key);
    if (known) return known;
    const r = this.#radius;
    const edge = Math.max(3, r * 0.055);
    const size = Math.ceil((r + edge + 4) * 2);
    const canvas = createCanvas(size, size);
    const ctx = canvas.getContext('2d');
    const { palette } = this.#performance.scene;
    ctx.translate(size / 2, size / 2);
    ctx.beginPath();
    ctx.arc(0, 0, r, 0, Math.PI * 2);
    ctx.fillStyle = alpha(this.#style.color(mix(palette.skyMiddle, palette.accents[1], 0.35)), 0.94);
    ctx.fill();
    ctx.save();
    ctx.clip();
    const art = this.#people.get(kind);
    if (art?.kind === 'photo') {
      drawSpeakingPhoto(ctx, art.face, -r * 1.1, -r * 1.1, r * 2.2, pose.talk ?? 0);
    } else this.#drawHead(ctx, kind, pose, r);
    ctx.restore();
    ctx.beginPath();
    ctx.arc(0, 0, r, 0, Math.PI * 2);
    ctx.lineWidth = edge;
    ctx.strokeStyle = this.#style.color('#fffaf0');
    ctx.stroke();
    this.#baked.set(key, canvas);
    return canvas;
  }

  /** The head fills the medallion; the shoulders end at its rim. */
  #drawHead(ctx: SKRSContext2D, kind: string, pose: Pose, r: number): void {
    const { palette } = this.#performance.scene;
    const height = r * 2.75;
    ctx.translate(0, height * 0.17);
    const pen = new Pen(
      ctx,
      this.#style,
      palette,
      this.#light,
      1,
      this.#shortSide,
      hashString(kind),
      this.#people,
    );
    drawCharacter(pen, kind, undefined, palette.accents[0], height, { ...pose, cheer: false }, false);
  }
}

/** Whether the action itself shows this person large enough, for most of the clip. */
function isSeen(performance: Performance, view: View, kind: string): boolean {
  const { log, cast } = performance;
  const member = cast.find(({ look }) => look.sprite === 'character' && look.detail === kind && !look.hidden);
  const track = member === undefined ? undefined : log.bodies[member.id];
  if (member === undefined || track === undefined) return false;
  const bounds = boundsOf(member.shape);
  const face = (bounds.top - bounds.bottom) * headShare * view.ppm;
  if (face < smallestFace * view.unit) return false;
  const checks = 20;
  let seen = 0;
  for (let i = 0; i < checks; i++) {
    const frame = Math.floor(((i + 0.5) / checks) * log.frameCount);
    const pose = poseAt(track, frame * log.samplesPerFrame);
    if (pose === undefined) continue;
    const camera = view.camera(frame);
    const x = view.anchorX + (pose.x - camera.x) * view.ppm * camera.zoom;
    const y = view.anchorY - (pose.y - camera.y) * view.ppm * camera.zoom;
    if (x > face / 2 && x < view.width - face / 2 && y > face / 2 && y < view.height) seen += 1;
  }
  return seen >= checks * presence;
}
