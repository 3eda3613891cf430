/** Which engine draws it: each with its own honest sentence and its price. */
import type { EngineCapability } from '#schemas/engine.ts';

/** @param engines null while loading */
export function EnginePicker(props: {
  engines: readonly EngineCapability[] | null;
  value: string;
  onChange: (name: string) => void;
}) {
  const { engines, value, onChange } = props;
  return (
    <fieldset class="engines">
      <legend class="field-label">Engine</legend>
      {engines === null && <p class="quiet">Asking the render nodes…</p>}
      {engines?.length === 0 && (
        <p class="quiet">
          No render node is connected at the moment. Your words stay here; try again in a little while.
        </p>
      )}
      {engines?.map((engine) => (
        <label key={engine.name} class="engine">
          <input
            type="radio"
            name="engine"
            value={engine.name}
            checked={engine.name === value}
            onChange={() => onChange(engine.name)}
          />
          <span>
            <span class="engine-head">
              <strong>{engine.name}</strong>
              <span class="fine">
                {engine.creditsPerSecond === 0
                  ? 'free'
                  : `${engine.creditsPerSecond} ${engine.creditsPerSecond === 1 ? 'credit' : 'credits'} a second`}
              </span>
            </span>
            <span class="engine-description">{engine.description}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
