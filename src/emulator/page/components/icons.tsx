import type { JSX } from "preact";

interface IconProps {
  readonly path: string;
  readonly size?: number;
}

/** A line drawing on a grid of 24. Hidden from screen readers, since a text or an aria-label always accompanies it. */
function LineIcon({ path, size = 20 }: IconProps): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

export const PlusIcon = (): JSX.Element => <LineIcon path="M12 5v14M5 12h14" />;
export const ChevronIcon = (): JSX.Element => <LineIcon path="M7 10l5 5 5-5" size={18} />;
export const CloseIcon = ({ size = 18 }: { readonly size?: number }): JSX.Element => (
  <LineIcon path="M7 7l10 10M17 7L7 17" size={size} />
);
export const SendIcon = (): JSX.Element => <LineIcon path="M12 19V5.500M6 11.500l6-6 6 6" />;
export const ImageIcon = (): JSX.Element => (
  <LineIcon path="M6 5h12a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM4.500 16.500l4.500-4.500 3 3 3-2.500 4.500 4M15.500 9.500v.01" />
);
export const FileIcon = (): JSX.Element => (
  <LineIcon path="M14 4H8a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2V8zM14 4v4h4" />
);
export const WarningIcon = (): JSX.Element => (
  <LineIcon path="M12 4.500l8.500 14.500h-17zM12 10v4M12 16.500v.01" size={14} />
);
export const DownIcon = (): JSX.Element => <LineIcon path="M12 6v12M6.500 12.500L12 18l5.500-5.500" size={16} />;

/** Parley's logo: a speech bubble on a tile. */
export const ParleyMark = (): JSX.Element => (
  <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
    <rect class="mark-tile" width="32" height="32" rx="9" />
    <path
      class="mark-bubble"
      d="M8 10.500A2.500 2.500 0 0 1 10.500 8h11a2.500 2.500 0 0 1 2.500 2.500v7a2.500 2.500 0 0 1-2.500 2.500H15l-4.500 4v-4A2.500 2.500 0 0 1 8 17.500z"
    />
  </svg>
);
