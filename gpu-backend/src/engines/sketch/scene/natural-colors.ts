/** Colours of things that have a usual one. Called by actions/common.ts and draw/sprites. */
import type { Hex } from '../color.ts';

export const naturalColors: Readonly<Record<string, Hex>> = {
  basketball: '#e2752e', football: '#f4f1ea', 'tennis-ball': '#cfe045', 'beach-ball': '#f2545b', 'bowling-ball': '#3a3560', snowball: '#f2f7fc', boulder: '#8d8a92',
  apple: '#d9342b', orange: '#f5901f', lemon: '#f7d83b', watermelon: '#3f9a4f', strawberry: '#e5304a', pumpkin: '#ee7f23', donut: '#f08cb4',
  cat: '#e08a3c', dog: '#c98f58', rabbit: '#e9dccb', fox: '#e0642a', bear: '#8a5a3a', panda: '#f5f2ec', frog: '#6cb544', penguin: '#2f3a55', chick: '#f9cf3f',
  owl: '#8f6a4a', pig: '#f3a6b5', mouse: '#b6aebb', monkey: '#8c5a3c', elephant: '#93a0b5', dragon: '#3fa26a', dinosaur: '#58a868', unicorn: '#f4eef8', lion: '#e5a63f',
  monster: '#8460c9', alien: '#7fd069', robot: '#9fb4c8', astronaut: '#f3f3f6', fish: '#ff8a3c', whale: '#4676b8', shark: '#7d93a8', jellyfish: '#f09bd0',
  octopus: '#d9557c', turtle: '#5c9f5f', brick: '#c25b43', crate: '#c08a4e', boat: '#b5573a', sailboat: '#a5543c', 'paper-boat': '#fbf7ee', duck: '#fbd043',
  lantern: '#ffb347', rocket: '#f1f1f4', star: '#ffd34d', gift: '#e0425a', marble: '#3f8fe0', pin: '#f7f3ea', submarine: '#f7c331', leaf: '#e2803a',
};
