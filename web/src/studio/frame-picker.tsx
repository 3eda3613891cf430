/** Frame and length: the shapes are drawn at their true aspect. */
import { useId } from 'preact/hooks';
import type { FrameSize } from '#schemas/engine.ts';
import { frameSizes, secondsRange } from '../api/limits.ts';
import { aspectName } from '../ui/format.ts';

const names: Readonly<Record<FrameSize, string>> = { '720x1280': 'Upright', '1280x720': 'Wide' };

/** @param sizes what the chosen engine can do; null while unknown */
export function FramePicker(props: {
  value: FrameSize;
  sizes: readonly FrameSize[] | null;
  onChange: (size: FrameSize) => void;
}) {
  return (
    <fieldset class="frames">
      <legend class="field-label">Frame</legend>
      {frameSizes.map((size) => (
        <label key={size} class="frame">
          <input
            type="radio"
            name="frame"
            value={size}
            checked={props.value === size}
            disabled={props.sizes !== null && !props.sizes.includes(size)}
            onChange={() => props.onChange(size)}
          />
          <span class={`frame-shape frame-${size}`} aria-hidden="true" />
          <span class="frame-name">
            {names[size]} <span class="fine">{aspectName(size)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function LengthSlider({ value, onChange }: { value: number; onChange: (seconds: number) => void }) {
  const id = useId();
  const played = ((value - secondsRange.min) / (secondsRange.max - secondsRange.min)) * 100;
  return (
    <div class="length">
      <label class="field-label" for={id}>
        Length <output class="length-value">{value} s</output>
      </label>
      <input
        id={id}
        class="slider"
        type="range"
        min={secondsRange.min}
        max={secondsRange.max}
        step="1"
        value={value}
        aria-valuetext={`${value} seconds`}
        style={{ '--played': `${played}%` }}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </div>
  );
}
