import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store.ts';

/** What a view has to show: the last answer stays while the next is read, so that nothing flickers. */
export type Shown<View> =
  | { readonly kind: 'loading'; readonly view: View | undefined }
  | { readonly kind: 'shown'; readonly view: View }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Reads a view when `key` or the run changes. An answer that a later question has overtaken is dropped.
 */
export function useView<View>(store: Store, key: string, read: () => Promise<View>): Shown<View> {
  const [shown, setShown] = useState<Shown<View>>({ kind: 'loading', view: undefined });
  const revision = store.revision.value;
  // `read` is another function each time; the key says what it asks for.
  useEffect(() => {
    let current = true;
    setShown((last) => ({ kind: 'loading', view: last.kind === 'failed' ? undefined : last.view }));
    read().then(
      (view) => {
        if (current) setShown({ kind: 'shown', view });
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (current) setShown({ kind: 'failed', message });
      },
    );
    return () => {
      current = false;
    };
  }, [key, revision]);
  return shown;
}
