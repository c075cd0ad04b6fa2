import React from 'react';

import type { Preset } from '../../api/wire';
import { bytes, number } from '../../models/times';
import { useScope } from '../context';
import { Hint } from '../field';

/** The sizes of machine as a table whose rows are one radio group. */
export function Presets(props: {
  presets: Preset[];
  chosen: string;
  choose: (name: string) => void;
  problem?: string;
}): JSX.Element {
  const { language, trans } = useScope();
  const { presets, chosen } = props;
  const at = Math.max(
    0,
    presets.findIndex(({ name }) => name === chosen)
  );
  const costs = presets.some(preset => Number(preset.credits_per_hour) > 0);
  const frees = presets.some(preset => preset.free !== null);
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = (at + step + presets.length) % presets.length;
      props.choose(presets[next].name);
      event.currentTarget
        .querySelectorAll<HTMLElement>('[role="radio"]')
        [next]?.focus();
    } else if (event.key === ' ') {
      event.preventDefault();
    }
  };
  return (
    <section
      className={`jp-NeuroField${props.problem ? ' jp-mod-wrong' : ''}`}
      data-field="preset"
    >
      <h3 className="jp-NeuroField-label" id="jp-neuro-preset">
        {trans.__('Preset')}
      </h3>
      <div
        className="jp-NeuroPresets"
        role="radiogroup"
        aria-labelledby="jp-neuro-preset"
        onKeyDown={onKeyDown}
      >
        <div className="jp-NeuroPresets-row jp-mod-head" aria-hidden="true">
          <span />
          <span>{trans.__('Preset')}</span>
          <span className="jp-mod-number">{trans.__('CPU')}</span>
          <span>{trans.__('GPU')}</span>
          <span className="jp-mod-number">{trans.__('Memory')}</span>
          {costs && (
            <span className="jp-mod-number">{trans.__('Credits/h')}</span>
          )}
          {frees && <span>{trans.__('Free now')}</span>}
        </div>
        {presets.map((preset, index) => (
          <div
            key={preset.name}
            className="jp-NeuroPresets-row"
            role="radio"
            aria-checked={index === at}
            tabIndex={index === at ? 0 : -1}
            onClick={() => props.choose(preset.name)}
          >
            <span className="jp-NeuroRadio" aria-hidden="true" />
            <span>{preset.name}</span>
            <span className="jp-mod-number">
              {number(preset.cpu, language)}
            </span>
            <span>
              {preset.gpu
                ? trans.__(
                    '%1 × %2',
                    preset.gpu,
                    preset.gpu_model || trans.__('GPU')
                  )
                : '–'}
            </span>
            <span className="jp-mod-number">
              {bytes(preset.memory, language)}
            </span>
            {costs && (
              <span className="jp-mod-number">
                {number(Number(preset.credits_per_hour), language)}
              </span>
            )}
            {frees && (
              <span className="jp-NeuroPresets-free">
                <Free free={preset.free} />
              </span>
            )}
          </div>
        ))}
      </div>
      <Hint id="jp-neuro-preset" problem={props.problem} />
    </section>
  );
}

function Free(props: { free: number | null }): JSX.Element {
  const { trans } = useScope();
  if (props.free === null) {
    return <>–</>;
  }
  return props.free > 0 ? (
    <>
      <span className="jp-NeuroPresets-dot" aria-hidden="true" />
      {trans.__('%1 free', props.free)}
    </>
  ) : (
    <>{trans.__('waits in the queue')}</>
  );
}
