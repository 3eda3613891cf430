/**
 * Nouns that are drawn: class, synonyms, and the action a noun suggests when the prompt names none. Read by facts.ts.
 * The keys are the kinds that draw/sprites knows how to draw.
 */
import type { ActionName, SubjectClass } from './scene.ts';

export interface NounEntry {
  readonly class: SubjectClass;
  readonly words: readonly string[];
  readonly suggests: ActionName;
}

const creature = (...words: string[]): NounEntry => ({ class: 'creature', words, suggests: 'hopping' });
const swimmer = (...words: string[]): NounEntry => ({ class: 'creature', words, suggests: 'swimming' });
const ball = (...words: string[]): NounEntry => ({ class: 'ball', words, suggests: 'bouncing-balls' });
const fruit = (...words: string[]): NounEntry => ({ class: 'fruit', words, suggests: 'rain-of-things' });
const vehicle = (suggests: ActionName, ...words: string[]): NounEntry => ({ class: 'vehicle', words, suggests });
const thing = (suggests: ActionName, ...words: string[]): NounEntry => ({ class: 'thing', words, suggests });

export const nounLexicon: Readonly<Record<string, NounEntry>> = {
  cat: creature('cat', 'kitten', 'kitty', 'tabby'),
  dog: creature('dog', 'puppy', 'corgi', 'dachshund', 'poodle', 'hound', 'wolf'),
  rabbit: creature('rabbit', 'bunny', 'hare', 'kangaroo'),
  fox: creature('fox'),
  bear: creature('bear', 'teddy', 'koala'),
  panda: creature('panda'),
  frog: creature('frog', 'toad', 'lizard', 'gecko'),
  penguin: creature('penguin'),
  chick: creature('chick', 'chicken', 'bird', 'duckling', 'sparrow', 'parrot', 'goose', 'rooster', 'hen'),
  owl: creature('owl'),
  pig: creature('pig', 'piglet'),
  mouse: creature('mouse', 'mice', 'hamster', 'rat', 'squirrel', 'hedgehog'),
  monkey: creature('monkey', 'ape', 'gorilla', 'chimp'),
  elephant: creature('elephant', 'mammoth'),
  dragon: creature('dragon', 'wyvern'),
  dinosaur: creature('dinosaur', 'trex', 'dino', 'godzilla'),
  unicorn: creature('unicorn', 'horse', 'pony', 'donkey', 'deer', 'reindeer', 'goat', 'sheep', 'cow', 'zebra', 'giraffe'),
  lion: creature('lion', 'tiger', 'leopard', 'cheetah'),
  monster: creature('monster', 'yeti', 'troll', 'creature', 'blob', 'slime', 'ghost', 'beast', 'goblin'),
  alien: creature('alien', 'martian'),
  robot: creature('robot', 'android', 'droid'),
  astronaut: creature('astronaut', 'cosmonaut', 'spaceman'),
  person: creature(
    'person', 'man', 'woman', 'boy', 'girl', 'child', 'kid', 'grandmother', 'grandma', 'grandfather', 'grandpa', 'people', 'dancer', 'wizard',
    'witch', 'king', 'queen', 'princess', 'knight', 'pirate', 'clown', 'chef', 'ninja', 'sailor', 'juggler', 'farmer', 'detective', 'skater',
    'player', 'friend', 'mother', 'father', 'baby', 'hero',
  ),
  fish: swimmer('fish', 'goldfish', 'clownfish', 'shoal', 'salmon', 'tuna', 'mermaid'),
  whale: swimmer('whale', 'dolphin', 'orca'),
  shark: swimmer('shark'),
  jellyfish: swimmer('jellyfish'),
  octopus: swimmer('octopus', 'squid', 'kraken'),
  turtle: swimmer('turtle', 'tortoise'),
  basketball: { class: 'ball', words: ['basketball'], suggests: 'basketball' },
  football: ball('football', 'soccer ball', 'soccerball'),
  'beach-ball': ball('beach ball', 'beachball', 'volleyball'),
  'tennis-ball': ball('tennis ball'),
  marble: { class: 'ball', words: ['marble'], suggests: 'marble-run' },
  'bowling-ball': { class: 'ball', words: ['bowling ball'], suggests: 'bowling' },
  snowball: { class: 'ball', words: ['snowball'], suggests: 'snowman' },
  boulder: { class: 'ball', words: ['boulder', 'rock', 'stone', 'meteor', 'asteroid'], suggests: 'tower-collapse' },
  ball: ball('ball', 'sphere', 'orb'),
  apple: fruit('apple', 'fruit', 'tomato'),
  orange: fruit('orange', 'tangerine', 'citrus', 'peach'),
  lemon: fruit('lemon', 'lime', 'banana', 'mango'),
  watermelon: fruit('watermelon', 'melon'),
  strawberry: fruit('strawberry', 'raspberry', 'cherry', 'berry'),
  pumpkin: fruit('pumpkin'),
  donut: fruit('donut', 'doughnut', 'bagel', 'cookie', 'pizza', 'pancake', 'cake', 'cupcake', 'candy', 'sweet', 'burger'),
  leaf: thing('rain-of-things', 'leaf', 'leaves', 'petal', 'flower', 'rose', 'blossom'),
  gift: thing('rain-of-things', 'gift', 'present', 'parcel', 'package'),
  star: thing('rain-of-things', 'star', 'coin', 'diamond', 'gem', 'jewel'),
  book: thing('tower-collapse', 'book', 'dictionary', 'encyclopedia'),
  crate: thing('tower-collapse', 'crate', 'box', 'cardboard'),
  brick: thing('tower-collapse', 'brick', 'block', 'cube', 'lego'),
  domino: thing('dominoes', 'domino'),
  pin: thing('bowling', 'bowling pin', 'skittle'),
  balloon: thing('balloons', 'balloon'),
  'hot-air-balloon': thing('balloons', 'hot air balloon'),
  lantern: thing('lanterns', 'lantern', 'candle'),
  umbrella: thing('rain-of-things', 'umbrella', 'parasol'),
  hat: thing('juggling', 'hat', 'cap'),
  car: vehicle('car-jump', 'car', 'taxi', 'jeep', 'kart', 'automobile', 'convertible', 'beetle'),
  truck: vehicle('car-jump', 'truck', 'lorry', 'van', 'bus', 'tractor', 'firetruck', 'ambulance'),
  motorcycle: vehicle('car-jump', 'motorcycle', 'motorbike', 'bicycle', 'bike', 'scooter', 'skateboard', 'moped'),
  boat: vehicle('boat', 'boat', 'canoe', 'kayak', 'rowboat', 'raft', 'ferry', 'gondola'),
  sailboat: vehicle('boat', 'sailboat', 'ship', 'yacht', 'galleon', 'caravel', 'pirate ship'),
  'paper-boat': vehicle('boat', 'paper boat'),
  duck: vehicle('boat', 'rubber duck', 'duck', 'swan'),
  rocket: vehicle('rocket', 'rocket', 'spaceship', 'shuttle', 'spacecraft', 'ufo'),
  submarine: vehicle('swimming', 'submarine'),
};

/** Counting words; a plural without one counts as `undefined`. */
export const countWords: Readonly<Record<string, number>> = {
  one: 1, single: 1, lone: 1, two: 2, pair: 2, couple: 2, both: 2, three: 3, trio: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9,
  ten: 10, eleven: 11, dozen: 12, twelve: 12, twenty: 20, several: 5, few: 3, many: 10, hundred: 24, hundreds: 24, thousand: 30,
  thousands: 30, dozens: 18, countless: 24, lots: 14,
};
