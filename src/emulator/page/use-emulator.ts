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

/** What the components may do. A promise gives the sentence that explains a refusal, or null. */
export interface EmulatorActions {
  readonly dispatch: (action: PageAction) => void;
  readonly addPhone: (number: string | null) => Promise<string | null>;
  readonly removePhone: (number: string) => Promise<string | null>;
  readonly send: (phone: string, to: string, body: string, files: readonly File[]) => Promise<string | null>;
}

/** More would not be phones of a person any more. */
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

/** A number of the last visit may be taken by now; nobody is left without any phone because of that. */
async function restorePhones(
  numbers: readonly (string | null)[],
  layout: PageLayout,
  dispatch: (action: PageAction) => void,
): Promise<void> {
  const made: EmulatedPhone[] = [];
  for (const number of numbers.slice(0, MAXIMUM_RESTORED_PHONES)) await restorePhone(number);
  if (numbers.length > 0 && made.length === 0) await restorePhone(null);
  const active = findActivePhone(made, layout.active);
  if (active !== undefined) dispatch({ type: "activated", number: active, focus: true });

  async function restorePhone(number: string | null): Promise<void> {
    const answer = await createPhone(number);
    if (!answer.ok) return;
    made.push(answer.value);
    dispatch({ type: "event", event: { kind: "phone", phone: answer.value } });
  }
}

function createActions(dispatch: (action: PageAction) => void): EmulatorActions {
  return {
    dispatch,
    async addPhone(number) {
      const answer = await createPhone(number);
      if (!answer.ok) return answer.sentence;
      dispatch({ type: "phone-added", phone: answer.value });
      return null;
    },
    async removePhone(number) {
      const answer = await deletePhone(number);
      if (!answer.ok) return answer.sentence;
      dispatch({ type: "phone-removed", number });
      return null;
    },
    async send(phone, to, body, files) {
      const answer = await sendText(phone, to, body, files);
      if (!answer.ok) return answer.sentence;
      dispatch({ type: "event", event: { kind: "message", message: answer.value } });
      return null;
    },
  };
}
