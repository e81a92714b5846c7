/** Who wants to be told of a change: in this page, and in the other tabs of the same phone. */
export interface Listeners {
  add(listener: () => void): () => void;
  /** Tells this page and the other tabs. */
  tell(): void;
  close(): void;
}

export function openListeners(channel: string): Listeners {
  const listeners = new Set<() => void>();
  const others = new BroadcastChannel(channel);
  const here = (): void => {
    for (const listener of [...listeners]) listener();
  };
  others.onmessage = here;
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell() {
      others.postMessage("changed");
      here();
    },
    close() {
      listeners.clear();
      others.onmessage = null;
      others.close();
    },
  };
}
