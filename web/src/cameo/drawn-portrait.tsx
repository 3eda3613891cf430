/**
 * A face drawn from its parameters (schemas/likeness.ts): what demo people have instead of a photograph. The same parameters always
 * draw the same face; nothing in it comes from a real one. Decorative: the name is always written beside it.
 */
import type { DrawnPortrait as Parameters } from '#schemas/likeness.ts';
import { mixColors } from './colors.ts';
import { HairBack, HairFront } from './portrait-hair.tsx';

const head = 'M35.5 53C35.5 36 46 25.5 60 25.5S84.5 36 84.5 53c0 19-9.6 32.5-24.5 32.5S35.5 72 35.5 53z';

export function DrawnPortrait({ portrait, class: className }: { portrait: Parameters; class: string }) {
  const { skin, hairColor, shirt } = portrait;
  const shade = mixColors(skin, '#3a1508', 0.2);
  const line = mixColors(skin, '#25100a', 0.62);
  return (
    <svg class={className} viewBox="0 0 120 120" aria-hidden="true" focusable="false">
      <rect width="120" height="120" fill={mixColors(shirt, '#10141c', 0.55)} />
      <circle cx="60" cy="52" r="47" fill={mixColors(shirt, '#f6efe4', 0.42)} opacity="0.42" />
      <HairBack style={portrait.hair} color={hairColor} />
      <path d="M15 124c1-19 13-28 31-30.5h28C92 96 104 105 105 124z" fill={shirt} />
      <path d="M46 93.6c3 7 25 7 28 0l-4-2.6H50z" fill={mixColors(shirt, '#0b0d12', 0.3)} />
      <path d="M50.5 76h19v15.5c-3 6.4-16 6.4-19 0z" fill={shade} />
      <ellipse cx="35.4" cy="57" rx="4.6" ry="6.6" fill={skin} />
      <ellipse cx="84.6" cy="57" rx="4.6" ry="6.6" fill={skin} />
      <path d="M33.6 55.4c1.8-.6 2.8 1.6 1.8 4M86.4 55.4c-1.8-.6-2.8 1.6-1.8 4" {...stroke(shade, 1.6)} />
      <path d={head} fill={skin} />
      <Beard kind={portrait.beard} color={hairColor} skin={skin} />
      <circle cx="45.5" cy="66" r="5.4" fill="#f0596a" opacity="0.2" />
      <circle cx="74.5" cy="66" r="5.4" fill="#f0596a" opacity="0.2" />
      <Eye x={49.2} color={portrait.eyes} line={line} />
      <Eye x={70.8} color={portrait.eyes} line={line} />
      <path
        d="M43.6 47.6c2.6-2.6 7-2.9 10-1.1M66.4 46.5c3-1.8 7.4-1.5 10 1.1"
        {...stroke(portrait.hair === 'none' ? line : mixColors(hairColor, '#1a0d08', 0.35), 2.4)}
      />
      <path d="M60.4 57c.8 3 2.6 5.3 1.9 7-.5 1.2-2.6 1.3-4 .7" {...stroke(shade, 1.9)} />
      <path d="M52.6 71.6c3.6 4.6 11.2 4.6 14.8 0-4-1-10.8-1-14.8 0z" fill="#8c2f34" />
      <path d="M54.4 71.8c3.6.9 7.6.9 11.2 0-.4 1-.8 1.3-1.2 1.6-2.6.6-6.2.6-8.8 0z" fill="#fdf6ee" />
      <Glasses kind={portrait.glasses} />
      <HairFront style={portrait.hair} color={hairColor} />
    </svg>
  );
}

const stroke = (color: string, width: number) => ({
  fill: 'none',
  stroke: color,
  'stroke-width': width,
  'stroke-linecap': 'round' as const,
});

function Eye({ x, color, line }: { x: number; color: string; line: string }) {
  return (
    <>
      <ellipse cx={x} cy="55.6" rx="5" ry="4.5" fill="#fffdf8" />
      <circle cx={x} cy="55.9" r="3.5" fill={color} />
      <circle cx={x} cy="55.9" r="1.8" fill="#120d0b" />
      <circle cx={x + 1.2} cy="54.5" r="1.1" fill="#fff" />
      <path d={`M${x - 5.4} 54.6c1.6-4.4 9.2-4.4 10.8 0`} {...stroke(line, 1.7)} />
    </>
  );
}

function Beard({ kind, color, skin }: { kind: Parameters['beard']; color: string; skin: string }) {
  const jaw =
    'M36.2 60c1.4 14.6 10.8 25.8 23.8 25.8S82.4 74.6 83.8 60c-2.6 5.6-6 8.6-10 8.4-5-2.6-8.6-2.8-13.8-2.2-5.2-.6-8.8-.4-13.8 2.2-4 .2-7.4-2.8-10-8.4z';
  const moustache =
    'M60 66.4c-3.6-1.8-9.4-1-11.8 3.6 3.6 1.6 8.4 1.4 11.8-.6 3.4 2 8.2 2.2 11.8.6-2.4-4.6-8.2-5.4-11.8-3.6z';
  if (kind === 'none') return null;
  if (kind === 'stubble') return <path d={jaw} fill={mixColors(skin, color, 0.28)} />;
  return (
    <>
      {kind === 'full' && <path d={jaw} fill={color} />}
      <path d={moustache} fill={mixColors(color, '#0d0705', kind === 'full' ? 0.15 : 0)} />
    </>
  );
}

function Glasses({ kind }: { kind: Parameters['glasses'] }) {
  if (kind === 'none') return null;
  const frame = { ...stroke('#20242b', 2), fill: '#ffffff', 'fill-opacity': 0.14 };
  return (
    <>
      {[49.2, 70.8].map((x) =>
        kind === 'round' ? (
          <circle key={x} cx={x} cy="56" r="8.2" {...frame} />
        ) : (
          <rect key={x} x={x - 8.6} y="49.4" width="17.2" height="13.2" rx="3" {...frame} />
        ),
      )}
      <path d="M57.4 55.2c1.4-1.4 3.8-1.4 5.2 0M41 54.6l-4.4-1M79 54.6l4.4-1" {...stroke('#20242b', 2)} />
    </>
  );
}
