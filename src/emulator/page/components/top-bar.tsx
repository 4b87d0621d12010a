import type { JSX } from "preact";
import type { ConnectionStatus } from "../page-state.ts";
import type { EmulatorActions } from "../use-emulator.ts";
import { AddPhone } from "./add-phone.tsx";
import { ParleyMark } from "./icons.tsx";

const CONNECTION_TEXTS: Readonly<Record<ConnectionStatus, string>> = {
  connecting: "Connecting…",
  open: "Connected",
  reconnecting: "Reconnecting…",
};

interface TopBarProps {
  readonly connection: ConnectionStatus;
  readonly actions: EmulatorActions;
}

export function TopBar({ connection, actions }: TopBarProps): JSX.Element {
  return (
    <header class="top-bar">
      <h1 class="brand">
        <ParleyMark />
        <span>Parley</span>
        <small> · phones on this machine</small>
      </h1>
      <p class="connection" role="status" data-connection={connection}>
        <span>{CONNECTION_TEXTS[connection]}</span>
      </p>
      <AddPhone actions={actions} />
      {connection === "reconnecting" && <div class="lost-line" aria-hidden="true" />}
    </header>
  );
}
