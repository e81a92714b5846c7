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
  let open = true;
  const here = (): void => {
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch (error) {
        // What was done is done: a screen that stumbles over the news must not make it look undone.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };
  others.onmessage = here;
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell() {
      if (!open) return;
      others.postMessage("changed");
      here();
    },
    close() {
      open = false;
      listeners.clear();
      others.onmessage = null;
      others.close();
    },
  };
}
