/** Says in one plain sentence how the prompt was understood. Pure; called by read-scene.ts, shown on the clip page. */
import type { ActionName, Scene, SettingName, StyleName, Subject, TimeOfDay, Weather } from './scene.ts';

const deeds: Readonly<Record<ActionName, string>> = {
  basketball: 'a basketball shot',
  dominoes: 'a row of falling dominoes',
  'newtons-cradle': "a Newton's cradle",
  'car-jump': 'a jump over a ramp',
  juggling: 'a juggling act',
  'tower-collapse': 'a collapsing tower',
  boat: 'a boat on waves',
  'see-saw': 'a see-saw catapult',
  'marble-run': 'a marble run',
  balloons: 'rising balloons',
  snowman: 'the making of a snowman',
  fireworks: 'fireworks',
  bowling: 'a bowling shot',
  'wrecking-ball': 'a wrecking ball at work',
  'rain-of-things': 'things raining down',
  hopping: 'a hop across the land',
  rocket: 'a rocket launch',
  lanterns: 'rising lanterns',
  'bouncing-balls': 'bouncing balls',
  swimming: 'a swim under water',
};
const places: Readonly<Record<SettingName, string>> = {
  meadow: 'in a meadow',
  beach: 'on a beach',
  city: 'in a city',
  forest: 'in a forest',
  desert: 'in a desert',
  moon: 'on the moon',
  gym: 'in a gym',
  room: 'in a room',
  mountain: 'in the mountains',
  sea: 'at sea',
  park: 'in a park',
  street: 'in a street',
  underwater: 'under water',
  space: 'in space',
  snowfield: 'in a snowfield',
  castle: 'by a castle',
};
const hours: Readonly<Record<TimeOfDay, string>> = {
  dawn: 'at dawn',
  noon: 'by day',
  sunset: 'at sunset',
  night: 'at night',
};
const skies: Readonly<Record<Weather, string>> = {
  clear: '',
  rain: ' in the rain',
  snow: ' in falling snow',
  fog: ' in fog',
  wind: ' in the wind',
  storm: ' in a storm',
};
const looks: Readonly<Record<StyleName, string>> = {
  storybook: 'a storybook painting',
  paper: 'paper cut-outs',
  neon: 'neon lines',
  ink: 'ink and flat colour',
  pencil: 'coloured pencil',
  watercolour: 'watercolour',
  clay: 'modelling clay',
  pixel: 'pixel art',
  blueprint: 'a blueprint',
  noir: 'black-and-white noir',
  poster: 'a flat poster',
  chalk: 'chalk on a board',
};

function phrase(subject: Subject): string {
  const noun = (subject.name ?? subject.kind).replaceAll('-', ' ');
  return subject.count !== undefined && subject.count > 1 ? `${subject.count} × ${noun}` : noun;
}

export function summarise(scene: Omit<Scene, 'summary'>): string {
  const things = scene.subjects.filter((subject) => !scene.people.some(({ kind }) => kind === subject.kind));
  const cast = [
    ...scene.people.map(({ displayName, handle }) => `${displayName} (@${handle})`),
    ...things.slice(0, 4).map(phrase),
  ];
  const who = cast.length > 0 ? ` with ${cast.join(', ')}` : '';
  const fails = scene.action === 'basketball' && scene.outcome === 'miss' ? ' that misses' : '';
  return `Sketched ${deeds[scene.action]}${fails}${who}, ${places[scene.setting]} ${hours[scene.time]}${skies[scene.weather]}, as ${looks[scene.style]}.`;
}
