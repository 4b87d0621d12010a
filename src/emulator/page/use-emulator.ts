import { useCallback, useEffect, useMemo, useReducer, useRef } from "preact/hooks";
import type { EmulatorState, Phone } from "../contract.ts";
import { createPhone, deletePhone, sendText } from "./api.ts";
import { loadLayout, saveLayout } from "./layout.ts";
import { follow } from "./live.ts";
import { type Action, activeOf, initialState, type Layout, missingPhones, reduce, type State } from "./store.ts";

/** What the components may do. A promise gives the sentence that explains a refusal, or null. */
export interface Actions {
  readonly dispatch: (action: Action) => void;
  readonly addPhone: (number: string | null) => Promise<string | null>;
  readonly removePhone: (number: string) => Promise<string | null>;
  readonly send: (phone: string, to: string, body: string, files: readonly File[]) => Promise<string | null>;
}

/** More would not be phones of a person any more. */
const PHONES_REMADE = 12;

export function useEmulator(): { readonly state: State; readonly actions: Actions } {
  const [state, dispatch] = useReducer(reduce, null, () => initialState(loadLayout()));
  const actions = useMemo(() => actionsOf(dispatch), [dispatch]);
  const layout = useRef(state.layout);
  layout.current = state.layout;

  const onConnect = useCallback(
    (snapshot: EmulatorState) => void remake(missingPhones(snapshot.phones, layout.current), layout.current, dispatch),
    [dispatch],
  );
  useEffect(() => follow({ dispatch, onConnect }), [dispatch, onConnect]);
  useEffect(() => saveLayout(state.layout), [state.layout]);
  return { state, actions };
}

/** A number of the last visit may be taken by now; nobody is left without any phone because of that. */
async function remake(
  numbers: readonly (string | null)[],
  layout: Layout,
  dispatch: (action: Action) => void,
): Promise<void> {
  const made: Phone[] = [];
  for (const number of numbers.slice(0, PHONES_REMADE)) await make(number);
  if (numbers.length > 0 && made.length === 0) await make(null);
  const active = activeOf(made, layout.active);
  if (active !== undefined) dispatch({ type: "activated", number: active, focus: true });

  async function make(number: string | null): Promise<void> {
    const answer = await createPhone(number);
    if (!answer.ok) return;
    made.push(answer.value);
    dispatch({ type: "event", event: { kind: "phone", phone: answer.value } });
  }
}

function actionsOf(dispatch: (action: Action) => void): Actions {
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
