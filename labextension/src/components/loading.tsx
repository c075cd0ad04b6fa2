import React, { useEffect, useState } from 'react';

import { useNow, useScope } from './context';
import { Note } from './note';

/** Milliseconds before three bars are shown, so that a quick answer does not flicker. */
const QUIET = 300;
/** Milliseconds before the wait is explained. */
const SLOW = 8000;

/** Three grey bars after 300 ms, a sentence after 8 s. */
export function Loading(props: {
  since: number;
  cancel?: () => void;
}): JSX.Element | null {
  const { trans } = useScope();
  const [shown, setShown] = useState(false);
  const now = useNow(shown);
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), QUIET);
    return () => window.clearTimeout(timer);
  }, []);
  if (!shown) {
    return null;
  }
  const waited = props.since ? now - props.since : 0;
  return (
    <div className="jp-NeuroLoading" aria-busy="true">
      {waited > SLOW ? (
        <Note
          kind="info"
          actions={
            props.cancel && [{ label: trans.__('Cancel'), run: props.cancel }]
          }
        >
          {trans.__(
            'Still loading. The platform is slow to answer (%1 s).',
            Math.floor(waited / 1000)
          )}
        </Note>
      ) : (
        <>
          <span className="jp-NeuroLoading-bar" />
          <span className="jp-NeuroLoading-bar" />
          <span className="jp-NeuroLoading-bar" />
        </>
      )}
    </div>
  );
}
