/**
 * Words for place, time, weather, style, camera, tone and colour. Read by facts.ts; every list is matched by stem.
 */
import type { Hex } from '../color.ts';
import type { CameraMove, SettingName, StyleName, TimeOfDay, Tone, Weather } from './scene.ts';

export const settingLexicon: Readonly<Record<SettingName, readonly string[]>> = {
  meadow: ['meadow', 'field', 'farm', 'countryside', 'hill', 'village', 'grass', 'valley', 'prairie', 'orchard', 'barn', 'vineyard'],
  beach: ['beach', 'shore', 'coast', 'seaside', 'palm', 'tropical', 'island', 'sand', 'sandcastle'],
  city: ['city', 'skyline', 'downtown', 'rooftop', 'skyscraper', 'urban', 'tokyo', 'york', 'london', 'paris', 'construction'],
  forest: ['forest', 'wood', 'woods', 'jungle', 'tree', 'pine', 'rainforest', 'grove', 'bamboo'],
  desert: ['desert', 'dune', 'sahara', 'cactus', 'canyon', 'mesa', 'oasis', 'pyramid', 'egypt', 'wasteland'],
  moon: ['moon', 'lunar', 'mars', 'planet', 'crater', 'low gravity'],
  gym: ['gym', 'arena', 'court', 'stadium', 'hall', 'bowling alley', 'alley'],
  room: ['room', 'bedroom', 'kitchen', 'living room', 'house', 'home', 'table', 'desk', 'office', 'library', 'classroom', 'studio', 'bathtub', 'attic', 'cafe', 'lab', 'workshop', 'shelf'],
  mountain: ['mountain', 'alp', 'peak', 'summit', 'cliff', 'himalaya', 'volcano'],
  sea: ['sea', 'ocean', 'lake', 'river', 'harbour', 'harbor', 'bay', 'pond', 'lagoon', 'fjord'],
  park: ['park', 'playground', 'garden', 'backyard', 'carnival', 'fair', 'circus', 'picnic', 'yard'],
  street: ['street', 'road', 'alleyway', 'highway', 'market', 'neon street', 'town', 'bridge', 'cyberpunk', 'sidewalk', 'subway'],
  underwater: ['underwater', 'reef', 'coral', 'seabed', 'aquarium', 'ocean floor', 'deep sea', 'under the sea', 'atlantis', 'abyss'],
  space: ['space', 'galaxy', 'orbit', 'cosmos', 'nebula', 'asteroid', 'spacestation', 'universe', 'zero gravity', 'stars'],
  snowfield: ['snowfield', 'arctic', 'antarctic', 'winter', 'iceberg', 'glacier', 'tundra', 'igloo', 'ski', 'north pole', 'christmas', 'ice', 'frozen'],
  castle: ['castle', 'kingdom', 'palace', 'medieval', 'fairytale', 'fairy tale', 'fortress', 'ruin', 'temple', 'knight'],
};

export const timeLexicon: Readonly<Record<TimeOfDay, readonly string[]>> = {
  dawn: ['dawn', 'sunrise', 'morning', 'daybreak', 'early'],
  noon: ['noon', 'midday', 'day', 'daytime', 'sunny', 'afternoon', 'daylight', 'bright', 'blue sky'],
  sunset: ['sunset', 'dusk', 'evening', 'twilight', 'golden hour', 'sundown', 'golden', 'autumn', 'fall foliage'],
  night: ['night', 'midnight', 'moonlit', 'moonlight', 'dark', 'starry', 'nocturnal', 'nighttime', 'full moon', 'tonight'],
};

export const weatherLexicon: Readonly<Record<Weather, readonly string[]>> = {
  clear: ['clear', 'sunny', 'cloudless', 'fine weather'],
  rain: ['rain', 'rainy', 'drizzle', 'wet', 'puddle', 'downpour'],
  snow: ['snow', 'snowy', 'snowfall', 'snowflake', 'blizzard', 'flurry'],
  fog: ['fog', 'foggy', 'mist', 'misty', 'haze', 'hazy', 'smoke', 'smoky'],
  wind: ['wind', 'windy', 'breeze', 'breezy', 'gust', 'gusty', 'blustery'],
  storm: ['storm', 'stormy', 'thunder', 'lightning', 'hurricane', 'tempest', 'thunderstorm', 'tornado', 'typhoon'],
};

export const styleLexicon: Readonly<Record<StyleName, readonly string[]>> = {
  storybook: ['storybook', 'story book', 'gouache', 'picture book', 'childrens book', 'illustrated', 'ghibli', 'anime', 'fairytale', 'pastel'],
  paper: ['paper cut', 'cut out', 'cutout', 'papercraft', 'paper craft', 'collage', 'origami', 'paper cutout', 'felt'],
  neon: ['neon', 'synthwave', 'cyberpunk', 'vaporwave', 'retrowave', 'tron', 'glow stick', 'laser', 'outrun'],
  ink: ['ink', 'comic', 'manga', 'cartoon', 'line art', 'calligraphy', 'sumi', 'woodcut'],
  pencil: ['pencil', 'sketch', 'crayon', 'charcoal', 'hand drawn', 'doodle', 'graphite', 'scribble'],
  watercolour: ['watercolor', 'watercolour', 'aquarelle', 'wash', 'painterly', 'painting', 'impressionist', 'oil'],
  clay: ['clay', 'claymation', 'plasticine', 'stop motion', 'stopmotion', 'play doh', 'plastic', '3d'],
  pixel: ['pixel', '8bit', '8 bit', '16 bit', 'retro game', 'arcade', 'pixelated', 'video game', 'minecraft'],
  blueprint: ['blueprint', 'technical drawing', 'schematic', 'diagram', 'engineering', 'wireframe'],
  noir: ['noir', 'black and white', 'monochrome', 'film noir', 'detective', 'silent film', 'grayscale', 'greyscale'],
  poster: ['poster', 'flat', 'minimal', 'minimalist', 'vector', 'bauhaus', 'geometric', 'art deco', 'screenprint', 'risograph'],
  chalk: ['chalk', 'chalkboard', 'blackboard'],
};

export const cameraLexicon: Readonly<Record<CameraMove, readonly string[]>> = {
  still: ['still camera', 'static', 'locked off', 'fixed camera', 'wide shot'],
  follow: ['follow', 'tracking', 'track shot', 'chase cam'],
  pan: ['pan', 'sweep', 'dolly'],
  'push-in': ['push in', 'zoom', 'close up', 'closeup', 'push'],
};

export const toneLexicon: Readonly<Record<Tone, readonly string[]>> = {
  calm: ['calm', 'peaceful', 'quiet', 'gentle', 'slow', 'serene', 'soft', 'cosy', 'cozy', 'relaxing', 'lofi', 'zen', 'tranquil'],
  joyful: ['happy', 'joyful', 'joy', 'cheerful', 'celebrate', 'party', 'birthday', 'summer', 'bright', 'festive', 'delight', 'laugh'],
  melancholy: ['sad', 'lonely', 'melancholy', 'lost', 'remember', 'nostalgic', 'forgotten', 'alone', 'goodbye', 'memory'],
  eerie: ['eerie', 'scary', 'spooky', 'haunted', 'ghost', 'creepy', 'halloween', 'mysterious', 'horror', 'strange', 'uncanny'],
  epic: ['epic', 'giant', 'huge', 'dramatic', 'massive', 'heroic', 'gigantic', 'mighty', 'storm', 'explosion', 'destroy', 'stunt', 'fast'],
  dreamy: ['dreamy', 'dream', 'magic', 'magical', 'surreal', 'fantasy', 'enchanted', 'wonder', 'floating', 'whimsical', 'wish', 'glow'],
  playful: ['playful', 'funny', 'silly', 'cute', 'goofy', 'tiny', 'little', 'toy', 'bouncy', 'fun', 'clumsy'],
};

export const colorLexicon: Readonly<Record<string, Hex>> = {
  red: '#e0362f', scarlet: '#e0301e', crimson: '#b7192e', orange: '#f5822a', yellow: '#fbc531', gold: '#e8b13a', golden: '#e8b13a', green: '#4caf50',
  lime: '#a4d63a', teal: '#1b998b', turquoise: '#2ec4c6', cyan: '#35c8e8', blue: '#2f6fde', navy: '#233a7a', indigo: '#4b3fb5', purple: '#8447c7',
  violet: '#8f5be0', magenta: '#d93a9c', pink: '#f583b6', brown: '#8a5a35', black: '#26242c', white: '#f6f3ec', grey: '#8d9199', gray: '#8d9199',
  silver: '#c3cad3', beige: '#e6d3ae', maroon: '#7c2331', ginger: '#e08a3c', emerald: '#1faa6b', coral: '#ff7f62', peach: '#ffb48c', mint: '#9fe3c1',
  lavender: '#b9a5ea', bronze: '#b0753a', copper: '#c0693f', ivory: '#f7efd8', turquois: '#2ec4c6',
};

/** Words that say an attempt fails. */
export const missWords: readonly string[] = ['miss', 'fail', 'airball', 'unsuccessful', 'brick', 'rebound', 'wide', 'short'];
export const hitWords: readonly string[] = ['drop in', 'fall in', 'go in', 'score', 'swish', 'sink', 'make it', 'through the hoop', 'into the hoop', 'into the basket'];
/** Words too plain to colour the mood. */
export const plainWords: ReadonlySet<string> = new Set(
  (
    'a an the of on in at to into onto over under off by for from with and or but then while as is are was be it its this that there her his their my ' +
    'your our one up down out some very so it he she they we you i s through across around near next one goes go gets get make makes video clip shot scene style'
  ).split(' '),
);
