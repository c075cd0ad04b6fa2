import type { CommandRegistry } from '@lumino/commands';
import React, { createContext, useContext, useEffect, useState } from 'react';

import type { INeuro } from '../tokens';

/** What every component of ours can reach. */
export interface IScope {
  neuro: INeuro;
  commands: CommandRegistry;
}

const ScopeContext = createContext<IScope | null>(null);

export const ScopeProvider = ScopeContext.Provider;

export function useScope(): IScope & {
  trans: INeuro['trans'];
  language: string;
} {
  const scope = useContext(ScopeContext);
  if (!scope) {
    throw new Error('no scope: the component is outside of a Neuro view');
  }
  return {
    ...scope,
    trans: scope.neuro.trans,
    language: scope.neuro.language
  };
}

interface ISignalLike {
  connect(slot: () => void): boolean;
  disconnect(slot: () => void): boolean;
}

/** Render again whenever the signal emits. */
export function useSignal(signal: ISignalLike): void {
  const [, render] = useState(0);
  useEffect(() => {
    const slot = () => render(count => count + 1);
    signal.connect(slot);
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}

/**
 * Render again after the signal emitted, at most once in `pause` milliseconds.
 *
 * @returns A number that changes with each rendering that is due to the signal.
 */
export function useCalm(signal: ISignalLike | null, pause: number): number {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    let timer = 0;
    const slot = () => {
      timer ||= window.setTimeout(() => {
        timer = 0;
        setBeat(count => count + 1);
      }, pause);
    };
    signal?.connect(slot);
    slot();
    return () => {
      signal?.disconnect(slot);
      window.clearTimeout(timer);
    };
  }, [signal, pause]);
  return beat;
}

/**
 * The clock, for texts such as "12 min": milliseconds, renewed every `step` milliseconds.
 *
 * @param running - No timer runs while false or while the page is hidden.
 */
export function useNow(running: boolean, step = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) {
      return;
    }
    setNow(Date.now());
    const timer = window.setInterval(() => {
      if (!document.hidden) {
        setNow(Date.now());
      }
    }, step);
    return () => window.clearInterval(timer);
  }, [running, step]);
  return now;
}

/** Width and height of an element in CSS pixels, 0 before it is measured. */
export function useSize(element: React.RefObject<HTMLElement | null>): {
  width: number;
  height: number;
} {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const node = element.current;
    if (!node) {
      return;
    }
    const observer = new ResizeObserver(() =>
      setSize({ width: node.clientWidth, height: node.clientHeight })
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
