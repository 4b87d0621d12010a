import { useCallback, useEffect, useMemo, useReducer, useRef } from "preact/hooks";
import type { EmulatedPhone, EmulatorState } from "../contract.ts";
import { createPhone, deletePhone, sendText } from "./api.ts";
import { followEmulator } from "./live-updates.ts";
import {
  createInitialState,
  findActivePhone,
  listMissingPhones,
  type PageAction,
  type PageLayout,
  type PageState,
  reduceState,
} from "./page-state.ts";
import { loadLayout, saveLayout } from "./saved-layout.ts";

/** The actions of the components. Promises resolve to a sentence that explains a refusal, or to null. */
export interface EmulatorActions {
  readonly dispatch: (action: PageAction) => void;
  readonly addPhone: (number: string | null) => Promise<string | null>;
  readonly removePhone: (number: string) => Promise<string | null>;
  readonly send: (phone: string, to: string, body: string, files: readonly File[]) => Promise<string | null>;
}

/** More phones come from tests rather than from the reader. */
const MAXIMUM_RESTORED_PHONES = 12;

export function useEmulator(): { readonly state: PageState; readonly actions: EmulatorActions } {
  const [state, dispatch] = useReducer(reduceState, null, () => createInitialState(loadLayout()));
  const actions = useMemo(() => createActions(dispatch), [dispatch]);
  const layout = useRef(state.layout);
  layout.current = state.layout;

  const onConnect = useCallback(
    (snapshot: EmulatorState) =>
      void restorePhones(listMissingPhones(snapshot.phones, layout.current), layout.current, dispatch),
    [dispatch],
  );
  useEffect(() => followEmulator({ dispatch, onConnect }), [dispatch, onConnect]);
  useEffect(() => saveLayout(state.layout), [state.layout]);
  return { state, actions };
}

/** Creates the given phones. If all their numbers are taken, creates one phone with a free number. */
async function restorePhones(
  numbers: readonly (string | null)[],
  layout: PageLayout,
  dispatch: (action: PageAction) => void,
): Promise<void> {
  const created: EmulatedPhone[] = [];
  for (const number of numbers.slice(0, MAXIMUM_RESTORED_PHONES)) await restorePhone(number);
  if (numbers.length > 0 && created.length === 0) await restorePhone(null);
  const active = findActivePhone(created, layout.active);
  if (active !== undefined) dispatch({ type: "activated", number: active, focus: true });

  async function restorePhone(number: string | null): Promise<void> {
    const result = await createPhone(number);
    if (!result.ok) return;
    created.push(result.value);
    dispatch({ type: "event", event: { kind: "phone", phone: result.value } });
  }
}

function createActions(dispatch: (action: PageAction) => void): EmulatorActions {
  return {
    dispatch,
    async addPhone(number) {
      const result = await createPhone(number);
      if (!result.ok) return result.sentence;
      dispatch({ type: "phone-added", phone: result.value });
      return null;
    },
    async removePhone(number) {
      const result = await deletePhone(number);
      if (!result.ok) return result.sentence;
      dispatch({ type: "phone-removed", number });
      return null;
    },
    async send(phone, to, body, files) {
      const result = await sendText(phone, to, body, files);
      if (!result.ok) return result.sentence;
      dispatch({ type: "event", event: { kind: "message", message: result.value } });
      return null;
    },
  };
}
