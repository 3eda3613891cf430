/**
 * Words that point to an action, with weights: 3 names it outright, 2 says it strongly, 1 hints. Read by facts.ts.
 * Phrases are matched stem by stem, so "bounces off the rim" also matches "bounced off a rim" without its articles.
 */
import type { ActionName } from './scene.ts';

type Weighted = Readonly<Record<string, number>>;

export const actionLexicon: Readonly<Record<ActionName, Weighted>> = {
  basketball: {
    basketball: 3, hoop: 3, rim: 3, backboard: 3, dunk: 3, 'free throw': 3, slam: 1, basket: 1, swish: 2, nba: 2, 'three pointer': 3,
  },
  dominoes: { domino: 4, 'chain reaction': 3, 'knock over': 1, topple: 2, 'row of': 1 },
  'newtons-cradle': { cradle: 3, newton: 3, pendulum: 4, swing: 1, clacker: 3, metronome: 2, hypnotic: 1, oscillate: 2 },
  'car-jump': {
    ramp: 3, stunt: 3, car: 2, truck: 2, motorcycle: 2, motorbike: 2, drive: 2, race: 2, skateboard: 2, bicycle: 2, jeep: 2, kart: 2,
    bus: 2, taxi: 2, speed: 1, 'over the gap': 3, canyon: 1, vehicle: 2, tractor: 2, van: 2,
  },
  juggling: { juggle: 5, juggler: 5, circus: 2, clown: 2, 'toss and catch': 3 },
  'tower-collapse': {
    tower: 3, avalanche: 4, collapse: 3, crumble: 3, block: 2, brick: 2, rubble: 2, demolish: 1, jenga: 4, landslide: 4, rockslide: 4,
    crate: 2, stack: 2, pile: 2, earthquake: 3, tumble: 2, fort: 1, wall: 1, 'house of cards': 4, 'falls apart': 3,
  },
  boat: {
    boat: 3, ship: 3, sail: 3, sailboat: 4, raft: 3, float: 1, wave: 2, canoe: 3, kayak: 3, yacht: 3, 'rubber duck': 3, pirate: 2, buoy: 3,
    ferry: 3, surf: 2, tide: 1, row: 1, 'paper boat': 4, harbour: 2, harbor: 2, 'message in a bottle': 3, bathtub: 2, storm: 0.5,
  },
  'see-saw': { seesaw: 4, 'see saw': 4, 'teeter totter': 4, catapult: 4, lever: 3, fling: 2, trebuchet: 4, launch: 1, sling: 1, plank: 2 },
  'marble-run': { marble: 4, 'rube goldberg': 5, run: 0.3, roll: 2, track: 1, slide: 1, zigzag: 3, contraption: 3, machine: 1, funnel: 2, 'ball rolls down': 3 },
  balloons: { balloon: 4, helium: 3, rise: 1, 'hot air balloon': 5, 'float away': 3, 'float up': 3, drift: 1, birthday: 2, party: 1 },
  snowman: { snowman: 5, snowball: 3, 'snow man': 5, frosty: 3, 'build a snow': 3 },
  fireworks: { firework: 5, pyrotechnic: 4, firecracker: 4, 'new year': 3, celebrate: 2, celebration: 2, 'fourth of july': 3, sparkler: 3, explode: 1, carnival: 1 },
  bowling: { bowl: 4, 'bowling pin': 4, pin: 2, strike: 3, tenpin: 4, skittle: 4, alley: 1 },
  'wrecking-ball': { 'wreck ball': 5, wreck: 3, demolition: 4, demolish: 3, crane: 3, 'smash into': 2, smash: 2, 'crash through': 2 },
  'rain-of-things': { 'rain of': 4, 'fall from the sky': 4, 'raining cats': 5, 'it is raining': 1, shower: 1, pour: 2, hail: 2, falls: 0.4, tumble: 1, harvest: 2, orchard: 2, meatball: 2, drop: 0.3 },
  hopping: {
    hop: 3, jump: 2, leap: 3, skip: 2, dance: 3, walk: 2, run: 1.5, chase: 2, stroll: 2, prance: 3, bounce: 0.6, explore: 2, wander: 2, march: 2,
    adventure: 1, play: 1, trampoline: 3, climb: 2, journey: 1,
  },
  rocket: { rocket: 4, spaceship: 3, liftoff: 4, 'lift off': 4, 'blast off': 4, blastoff: 4, launch: 2, countdown: 2, shuttle: 3, spacecraft: 3, missile: 2, takeoff: 2 },
  lanterns: { lantern: 5, 'sky lantern': 5, candle: 2, 'paper lantern': 5, firefly: 3, glow: 1, wish: 2, 'floating light': 3, ghost: 1 },
  'bouncing-balls': { 'bouncing ball': 3, bounce: 2, ball: 1, bouncy: 3, football: 2, soccer: 2, tennis: 2, 'beach ball': 2, volleyball: 2, pingpong: 2, 'ping pong': 2, rubber: 1 },
  swimming: { swim: 4, dive: 3, fish: 3, whale: 3, shark: 3, jellyfish: 3, octopus: 3, turtle: 1.5, submarine: 4, aquarium: 3, reef: 2, coral: 2, mermaid: 3, dolphin: 3, scuba: 3, goldfish: 3 },
};
