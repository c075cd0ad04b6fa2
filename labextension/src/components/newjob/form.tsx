import React, { useRef, useState } from 'react';

import type { Job } from '../../api/wire';
import type { IDraft, Problems } from '../../models/form';
import { isForeignImage, toSubmit, validate } from '../../models/form';
import type { Submission } from '../../models/submit';
import { useScope, useSignal } from '../context';
import { Loading } from '../loading';
import { Basics } from './basics';
import { Environment } from './environment';
import { Presets } from './presets';
import { Sharing } from './sharing';
import { Summary } from './summary';
import { Volumes } from './volumes';

interface INewJobProps {
  draft: IDraft;
  submission: Submission;
  /** Keep what was typed. */
  keep: (draft: IDraft) => void;
  /** Ask whether a foreign image may be run on this computer's own system. */
  consent: (image: string) => Promise<boolean>;
  done: (job: Job) => void;
  cancel: () => void;
}

/** The form for a new job: fields on the left, what will happen on the right. */
export function NewJob(props: INewJobProps): JSX.Element {
  const { neuro, trans } = useScope();
  const { submission } = props;
  useSignal(neuro.session.changed);
  useSignal(submission.changed);
  const node = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState(props.draft);
  const [tried, setTried] = useState(false);
  // the server's words about a field hold until that field is changed
  const [refused, setRefused] = useState<Problems>({});
  const { session } = neuro.session;
  if (!session) {
    return <Loading since={neuro.session.loadingSince} />;
  }
  const own = validate(trans, draft, session);
  const problems = { ...own, ...refused };
  const shown = tried ? problems : refused;

  const change = (part: Partial<IDraft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    props.keep(next);
    const roots = Object.keys(part).map(key => FIELD_OF[key] ?? key);
    setRefused(
      Object.fromEntries(
        Object.entries(refused).filter(
          ([field]) => !roots.includes(field.split('.')[0])
        )
      )
    );
  };
  const goTo = (field: string) => {
    const root = field.split('.')[0];
    const find = (name: string) =>
      node.current?.querySelector<HTMLElement>(`[data-field="${name}"]`);
    const target =
      find(field) ?? find(`${field}.storage`) ?? find(root) ?? null;
    target?.scrollIntoView({ block: 'center' });
    (target?.matches('input, textarea, select')
      ? target
      : target?.querySelector<HTMLElement>('input, textarea, [tabindex="0"]')
    )?.focus();
  };
  const start = async () => {
    if (submission.state !== 'idle') {
      return;
    }
    setTried(true);
    const first = Object.keys(problems)[0];
    if (first) {
      goTo(first);
      return;
    }
    const image = draft.image.trim();
    if (isForeignImage(image, session) && !(await props.consent(image))) {
      goTo('image');
      return;
    }
    const job = await submission.send(toSubmit(draft, submission.tag));
    if (job) {
      props.done(job);
      return;
    }
    const { error } = submission;
    const field = error?.details.field;
    if (error && field) {
      const words = [error.message, error.hint].filter(Boolean).join(' ');
      setRefused({ [field]: words });
      requestAnimationFrame(() => goTo(field));
    }
  };
  return (
    <div
      ref={node}
      className="jp-NeuroNewJob"
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.stopPropagation();
          void start();
        }
      }}
    >
      <div
        className="jp-NeuroNewJob-form"
        role="form"
        aria-label={trans.__('New job')}
      >
        <Basics draft={draft} change={change} problems={shown} />
        <Presets
          presets={session.presets}
          chosen={draft.preset}
          choose={preset => change({ preset })}
          problem={shown.preset}
        />
        <Volumes
          volumes={draft.volumes}
          change={volumes => change({ volumes })}
          problems={shown}
        />
        <div className="jp-NeuroForm-pair">
          <Environment
            env={draft.env}
            change={env => change({ env })}
            problems={shown}
          />
          <Sharing
            draft={draft}
            change={share => change({ share })}
            problems={shown}
          />
        </div>
      </div>
      <Summary
        draft={draft}
        change={change}
        problems={problems}
        tried={tried || Object.keys(refused).length > 0}
        state={submission.state}
        error={submission.error}
        isUnknown={submission.isUnknown}
        start={() => void start()}
        cancel={props.cancel}
        goTo={goTo}
      />
    </div>
  );
}

/** The request's name of a part of the draft, where it is another. */
const FIELD_OF: Record<string, string> = { lifeSpan: 'life_span' };
