import type { JSX } from "preact";
import type { Connection } from "../store.ts";
import type { Actions } from "../use-emulator.ts";
import { AddPhone } from "./add-phone.tsx";
import { Mark } from "./icons.tsx";

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: "Connecting…",
  open: "Connected",
  reconnecting: "Reconnecting…",
};

interface TopBarProps {
  readonly connection: Connection;
  readonly actions: Actions;
}

export function TopBar({ connection, actions }: TopBarProps): JSX.Element {
  return (
    <header class="top-bar">
      <h1 class="brand">
        <Mark />
        <span>Parley</span>
        <small> · phones on this machine</small>
      </h1>
      <p class="connection" role="status" data-connection={connection}>
        <span>{WORDS[connection]}</span>
      </p>
      <AddPhone actions={actions} />
      {connection === "reconnecting" && <div class="lost-line" aria-hidden="true" />}
    </header>
  );
}
