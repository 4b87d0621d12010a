import type { JSX, TargetedKeyboardEvent, TargetedSubmitEvent } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { EmulatorActions } from "../use-emulator.ts";
import { ChevronIcon, PlusIcon } from "./icons.tsx";

/** A button that adds a phone with the next free number, and a smaller one that opens a form for a number. */
export function AddPhone({ actions }: { readonly actions: EmulatorActions }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [refusal, setRefusal] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  useOutsidePress(box, open || refusal !== "", closeForm);

  async function addPhone(number: string | null): Promise<void> {
    const sentence = await actions.addPhone(number);
    setRefusal(sentence ?? "");
    if (sentence === null) setOpen(false);
  }

  function closeForm(): void {
    setOpen(false);
    setRefusal("");
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>): void {
    if (event.key !== "Escape" || !open) return;
    closeForm();
    more.current?.focus();
  }

  return (
    <div class="add-phone" ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="add-auto"
        data-testid="add-phone"
        aria-label="Add phone"
        onClick={() => void addPhone(null)}
      >
        <PlusIcon />
        <span>Add phone</span>
      </button>
      <button
        type="button"
        class="add-typed"
        ref={more}
        aria-label="Add a phone with a number of your choice"
        aria-expanded={open}
        onClick={() => (open ? closeForm() : setOpen(true))}
      >
        <ChevronIcon />
      </button>
      {open && <NumberForm onSubmit={addPhone} refusal={refusal} />}
      {!open && refusal !== "" && (
        <p class="popover refusal" role="alert">
          {refusal}
        </p>
      )}
    </div>
  );
}

interface NumberFormProps {
  readonly refusal: string;
  readonly onSubmit: (number: string) => Promise<void>;
}

function NumberForm({ refusal, onSubmit }: NumberFormProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);

  function submitNumber(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const typed = (field.current?.value ?? "").replace(/[\s().-]/g, "");
    if (typed !== "") void onSubmit(typed);
  }

  return (
    <form class="popover" onSubmit={submitNumber} noValidate>
      <label for="new-number">Number of the new phone</label>
      <div class="row">
        <input
          id="new-number"
          ref={field}
          type="tel"
          placeholder="+1 555 010 0123"
          autocomplete="off"
          aria-describedby="new-number-note"
          aria-invalid={refusal !== ""}
        />
        <button type="submit" class="primary">
          Add
        </button>
      </div>
      <p id="new-number-note" class={refusal === "" ? "note" : "refusal"} role={refusal === "" ? undefined : "alert"}>
        {refusal === "" ? "Enter + and the country code first." : refusal}
      </p>
    </form>
  );
}

/** Calls `close` on a press anywhere outside the box. */
function useOutsidePress(box: { readonly current: HTMLElement | null }, open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return undefined;
    const onPress = (event: PointerEvent): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, [open]);
}
