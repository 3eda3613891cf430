/**
 * The stage an action is set on: bodies, joints and forces over one Rapier world with a fixed step. Everything that adds
 * energy on purpose goes through here and is booked as work, so the log can prove that nothing else did. Nothing here moves a
 * dynamic body by hand. Called by actions/ (to build) and perform.ts (to run).
 */
import RAPIER from '@dimforge/rapier2d-deterministic-compat';
import type { Scene } from '../scene/scene.ts';
import type { ContactEvent, ContinuousSound, Material } from '../simulation-log.ts';
import { ContactTracker } from './contacts.ts';
import { materials } from './materials.ts';
import type { CastMember, Effect, Look, Rope, Shape, Solid, WaterSurface } from './performance.ts';
import { Recorder } from './recorder.ts';
import { colliderDescs, hullOf, sizeOf } from './shapes.ts';
import { floatForces } from './water.ts';

/** Physics samples per video frame: 240 Hz at 30 fps. */
export const samplesPerFrame = 8;
/** No prop moves faster, m/s. */
export const speedLimit = 60;
/** A hit that changes the lighter body's speed by less is not heard, m/s. */
const leastAudibleSpeed = 0.28;

export interface BodySpec {
  readonly name: string;
  /** `kinematic` bodies collide with nothing: they are moved by `place` and only drawn. */
  readonly mode: 'dynamic' | 'kinematic' | 'fixed';
  readonly shape: Shape;
  readonly x: number;
  readonly y: number;
  readonly angle?: number;
  readonly material: Material;
  readonly look: Look;
  readonly density?: number;
  readonly restitution?: number;
  readonly friction?: number;
  readonly velocity?: readonly [number, number];
  readonly spin?: number;
  readonly lockRotation?: boolean;
  readonly linearDamping?: number;
  readonly angularDamping?: number;
  /** 16-bit membership and filter as in Rapier; default: props and ground. */
  readonly groups?: { readonly member: number; readonly meets: number };
  /** Its contacts make no sound. */
  readonly silent?: boolean;
}

export interface StageBody {
  readonly id: number;
  readonly spec: BodySpec;
  readonly rigid: RAPIER.RigidBody;
  readonly mass: number;
  /** Metres, effective. */
  readonly size: number;
  alive: boolean;
}

export type SoundKind = ContinuousSound['kind'];
export interface StagedEvent extends Omit<ContactEvent, 'pan' | 'distance'> {
  readonly x: number;
  readonly y: number;
}

/** Props meet props and the ground; onlookers meet the ground only, so they never stand in the way. */
const groundGroups = { member: 0x0003, meets: 0xffff };
const propGroups = { member: 0x0001, meets: 0x0001 };
export const onlookerGroups = { member: 0x0002, meets: 0x0002 };

/** Must be awaited once per thread before a Stage is made. */
export async function loadPhysics(): Promise<void> {
  await RAPIER.init();
}

export class Stage {
  readonly scene: Scene;
  readonly gravity: number;
  readonly dt: number;
  readonly frameCount: number;
  readonly sampleCount: number;
  readonly bodies: StageBody[] = [];
  readonly cast: CastMember[] = [];
  readonly effects: Effect[] = [];
  readonly ropes: Rope[] = [];
  readonly solids: Solid[] = [];
  readonly events: StagedEvent[] = [];
  readonly sounds = new Map<
    string,
    { kind: SoundKind; material: Material; levels: Float32Array; body?: StageBody }
  >();
  readonly contacts = new ContactTracker();
  readonly recorder: Recorder;
  water: WaterSurface | undefined;
  /** Seconds; set by the action. */
  highlight = 0;
  sample = 0;
  work = 0;
  readonly #world: RAPIER.World;
  readonly #queue = new RAPIER.EventQueue(true);
  readonly #byCollider = new Map<number, StageBody>();
  readonly #steps: ((time: number, dt: number) => void)[] = [];
  readonly #cues: { time: number; run: () => void }[] = [];
  readonly #pushes = new Map<
    StageBody,
    { fx: number; fy: number; torque: number; x: number; y: number; angle: number }
  >();

  constructor(scene: Scene, seconds: number) {
    this.scene = scene;
    this.gravity = scene.gravity;
    this.dt = 1 / (scene.fps * samplesPerFrame);
    this.frameCount = Math.round(seconds * scene.fps);
    this.sampleCount = this.frameCount * samplesPerFrame;
    this.recorder = new Recorder(this.sampleCount);
    this.#world = new RAPIER.World({ x: 0, y: -this.gravity });
    this.#world.timestep = this.dt;
    this.#world.numSolverIterations = 6;
  }

  get time(): number {
    return this.sample * this.dt;
  }

  add(spec: BodySpec): StageBody {
    const kinds = {
      dynamic: RAPIER.RigidBodyDesc.dynamic,
      kinematic: RAPIER.RigidBodyDesc.kinematicPositionBased,
      fixed: RAPIER.RigidBodyDesc.fixed,
    };
    const desc = kinds[spec.mode]()
      .setTranslation(spec.x, spec.y)
      .setRotation(spec.angle ?? 0)
      .setLinearDamping(spec.linearDamping ?? 0)
      .setAngularDamping(spec.angularDamping ?? 0)
      .setCcdEnabled(spec.mode === 'dynamic');
    if (spec.velocity) desc.setLinvel(spec.velocity[0], spec.velocity[1]);
    if (spec.spin) desc.setAngvel(spec.spin);
    if (spec.lockRotation) desc.lockRotations();
    const rigid = this.#world.createRigidBody(desc);
    const body: StageBody = {
      id: this.bodies.length,
      spec,
      rigid,
      size: sizeOf(spec.shape),
      alive: true,
      mass: 0,
    };
    if (spec.mode !== 'kinematic') this.#addColliders(body);
    const solved: StageBody = Object.assign(body, { mass: rigid.mass() });
    this.bodies.push(solved);
    this.cast.push({
      id: solved.id,
      shape: spec.shape,
      look: spec.look,
      material: spec.material,
      mass: solved.mass,
    });
    this.recorder.open(solved, this.sample);
    this.recorder.write(solved, this.sample);
    if (spec.mode === 'dynamic') this.work += this.energyOf(solved);
    return solved;
  }

  #addColliders(body: StageBody): void {
    const { spec, rigid } = body;
    const properties = materials[spec.material];
    const descs = colliderDescs(spec.shape);
    for (const desc of descs) {
      desc
        .setDensity(spec.density ?? properties.density)
        .setRestitution(spec.restitution ?? properties.restitution)
        .setFriction(spec.friction ?? properties.friction)
        .setRestitutionCombineRule(RAPIER.CoefficientCombineRule.Max);
      const groups = spec.groups ?? (spec.mode === 'fixed' ? groundGroups : propGroups);
      desc.setCollisionGroups(((groups.member << 16) | groups.meets) >>> 0);
      const collider = this.#world.createCollider(desc, rigid);
      this.#byCollider.set(collider.handle, body);
    }
    if (spec.mode !== 'dynamic' || spec.silent) return;
    const least = (rigid.mass() * leastAudibleSpeed) / this.dt;
    for (let i = 0; i < rigid.numColliders(); i++) {
      rigid.collider(i).setActiveEvents(RAPIER.ActiveEvents.CONTACT_FORCE_EVENTS);
      rigid.collider(i).setContactForceEventThreshold(least);
    }
  }

  /** Turns about a common point, given in each body's frame. The two do not collide. */
  hinge(
    a: StageBody,
    b: StageBody,
    anchorA: readonly [number, number],
    anchorB: readonly [number, number],
  ): void {
    const joint = RAPIER.JointData.revolute(
      { x: anchorA[0], y: anchorA[1] },
      { x: anchorB[0], y: anchorB[1] },
    );
    this.#world.createImpulseJoint(joint, a.rigid, b.rigid, true).setContactsEnabled(false);
  }

  /** Keeps two anchors at most `length` metres apart. */
  tether(
    a: StageBody,
    b: StageBody,
    anchorA: readonly [number, number],
    anchorB: readonly [number, number],
    length: number,
  ): void {
    const joint = RAPIER.JointData.rope(
      length,
      { x: anchorA[0], y: anchorA[1] },
      { x: anchorB[0], y: anchorB[1] },
    );
    this.#world.createImpulseJoint(joint, a.rigid, b.rigid, true).setContactsEnabled(false);
  }

  /** A force for this step, newtons (and N·m); its work is booked. Call from `each`. */
  push(body: StageBody, fx: number, fy: number, torque = 0): void {
    if (!body.alive) return;
    const p = body.rigid.translation();
    const entry = this.#pushes.get(body) ?? {
      fx: 0,
      fy: 0,
      torque: 0,
      x: p.x,
      y: p.y,
      angle: body.rigid.rotation(),
    };
    entry.fx += fx;
    entry.fy += fy;
    entry.torque += torque;
    this.#pushes.set(body, entry);
    body.rigid.addForce({ x: fx, y: fy }, true);
    if (torque !== 0) body.rigid.addTorque(torque, true);
  }

  /** A throw: an impulse in N·s, its work booked. */
  kick(body: StageBody, jx: number, jy: number, spinImpulse = 0): void {
    const before = this.energyOf(body);
    body.rigid.applyImpulse({ x: jx, y: jy }, true);
    if (spinImpulse !== 0) body.rigid.applyTorqueImpulse(spinImpulse, true);
    this.work += this.energyOf(body) - before;
  }

  /** Throws so that the body leaves with this velocity. */
  launch(body: StageBody, vx: number, vy: number): void {
    const v = body.rigid.linvel();
    this.kick(body, (vx - v.x) * body.mass, (vy - v.y) * body.mass);
  }

  /** Moves a kinematic body; it touches nothing. */
  place(body: StageBody, x: number, y: number, angle = 0): void {
    body.rigid.setNextKinematicTranslation({ x, y });
    body.rigid.setNextKinematicRotation(angle);
  }

  /** Takes a body out of the world (a popped balloon); the energy it had leaves with it, as booked work. */
  remove(body: StageBody): void {
    if (!body.alive) return;
    if (body.spec.mode === 'dynamic') this.work -= this.energyOf(body);
    body.alive = false;
    this.recorder.close(body, this.sample);
    for (let i = 0; i < body.rigid.numColliders(); i++)
      this.#byCollider.delete(body.rigid.collider(i).handle);
    this.#world.removeRigidBody(body.rigid);
  }

  /** Runs once when the clock reaches `time`. */
  at(time: number, run: () => void): void {
    this.#cues.push({ time, run });
    this.#cues.sort((a, b) => a.time - b.time);
  }

  /** Runs before every step. */
  each(run: (time: number, dt: number) => void): void {
    this.#steps.push(run);
  }

  /** Buoyancy and drag for a body in `this.water`; call from `each`. Returns the submerged share. */
  float(body: StageBody, density: number, drag: number): number {
    if (!this.water || !body.alive) return 0;
    const p = body.rigid.translation();
    const v = body.rigid.linvel();
    const state = {
      x: p.x,
      y: p.y,
      angle: body.rigid.rotation(),
      vx: v.x,
      vy: v.y,
      spin: body.rigid.angvel(),
    };
    const f = floatForces(this.water, this.time, state, hullOf(body.spec.shape), density, this.gravity, drag);
    this.push(body, f.forceX, f.forceY, f.torque);
    return f.share;
  }

  /** Air drag against the scene's wind: F = ½ρ·c·A·|v|v with ρ = 1.2 kg/m³, depth of the body taken as 1 m. */
  air(body: StageBody, dragArea: number, windX = this.scene.wind): void {
    if (!body.alive) return;
    const v = body.rigid.linvel();
    const rx = windX - v.x;
    const ry = -v.y;
    const speed = Math.hypot(rx, ry);
    this.push(body, 0.6 * dragArea * speed * rx, 0.6 * dragArea * speed * ry);
  }

  /** Sets a continuous sound's level for the present frame, 0..1. */
  level(key: string, kind: SoundKind, material: Material, value: number, body?: StageBody): void {
    const frame = Math.min(this.frameCount - 1, Math.floor(this.sample / samplesPerFrame));
    const sound = this.sounds.get(key) ?? {
      kind,
      material,
      levels: new Float32Array(this.frameCount),
      ...(body && { body }),
    };
    this.sounds.set(key, sound);
    sound.levels[frame] = Math.max(sound.levels[frame] ?? 0, Math.min(1, value));
  }

  /** Whether two bodies are in contact at this moment. */
  touching(a: StageBody, b?: StageBody): boolean {
    let found = false;
    for (let i = 0; a.alive && i < a.rigid.numColliders() && !found; i++) {
      this.#world.contactPairsWith(a.rigid.collider(i), (other) => {
        if (b && this.#byCollider.get(other.handle) !== b) return;
        this.#world.contactPair(a.rigid.collider(i), other, (manifold) => {
          if (manifold.numSolverContacts() > 0) found = true;
        });
      });
    }
    return found;
  }

  /** Whether these two have hit each other audibly so far. */
  heard(a: StageBody, b: StageBody): boolean {
    return this.contacts.onsets.some((o) => (o.a === a.id && o.b === b.id) || (o.a === b.id && o.b === a.id));
  }

  /** Kinetic and potential energy of a dynamic body, joules; height counts from y = 0. */
  energyOf(body: StageBody): number {
    const v = body.rigid.linvel();
    const w = body.rigid.angvel();
    const inertia = body.spec.lockRotation ? 0 : body.rigid.principalInertia();
    return (
      0.5 * body.mass * (v.x * v.x + v.y * v.y) +
      0.5 * inertia * w * w +
      body.mass * this.gravity * body.rigid.worldCom().y
    );
  }

  /** Runs to the end, or until `stop` says so. */
  run(stop?: () => boolean): void {
    this.#record();
    while (this.sample < this.sampleCount - 1) {
      while (this.#cues[0] && this.#cues[0].time <= this.time + 1e-9) this.#cues.shift()?.run();
      for (const step of this.#steps) step(this.time, this.dt);
      this.#world.step(this.#queue);
      this.#settlePushes();
      this.#hear();
      this.sample++;
      this.#record();
      if (stop?.()) break;
    }
  }

  /** Gives the world's memory back; the stage is only data afterwards. */
  dispose(): void {
    this.#queue.free();
    this.#world.free();
  }

  #settlePushes(): void {
    for (const [body, p] of this.#pushes) {
      const now = body.rigid.translation();
      const turned = Math.atan2(
        Math.sin(body.rigid.rotation() - p.angle),
        Math.cos(body.rigid.rotation() - p.angle),
      );
      this.work += p.fx * (now.x - p.x) + p.fy * (now.y - p.y) + p.torque * turned;
      body.rigid.resetForces(false);
      body.rigid.resetTorques(false);
    }
    this.#pushes.clear();
  }

  #hear(): void {
    const time = this.time + this.dt / 2;
    this.#queue.drainContactForceEvents((event) => {
      const a = this.#byCollider.get(event.collider1());
      const b = this.#byCollider.get(event.collider2());
      if (!a || !b || a.spec.silent || b.spec.silent) return;
      const lighter =
        a.spec.mode !== 'dynamic' ? b : b.spec.mode !== 'dynamic' ? a : a.mass <= b.mass ? a : b;
      const at = lighter.rigid.translation();
      this.contacts.hear(
        time,
        a.id,
        b.id,
        event.totalForceMagnitude() * this.dt,
        lighter.mass * leastAudibleSpeed,
        at.x,
        at.y,
      );
    });
  }

  #record(): void {
    let energy = 0;
    for (const body of this.bodies) {
      if (!body.alive) continue;
      this.recorder.write(body, this.sample);
      if (body.spec.mode === 'dynamic') energy += this.energyOf(body);
    }
    this.recorder.account(this.sample, energy, this.work);
  }
}
