import { PNG } from "../phone-page.ts";
import { PICTURE } from "./stand-in.ts";

/** The machine of the tests has no internet: whoever fetches the picture of the stand-ins in this process gets a dot. */
export function servePicture(): void {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (url !== PICTURE) return await real(input, init);
    return new Response(PNG, { headers: { "content-type": "image/png" } });
  };
}
