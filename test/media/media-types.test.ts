import { describe, expect, it } from "vitest";
import { hasMagicBytes, isShownInline, toStoredType } from "../../src/media/media-types.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const HTML = bytes("<!DOCTYPE html><script>alert(1)</script>");

describe("a type", () => {
  it.each([
    ["image/jpeg", "image/jpeg"],
    ["IMAGE/JPG", "image/jpeg"],
    ["audio/mp3", "audio/mpeg"],
    ["text/plain; charset=utf-8", "text/plain"],
    ["text/vcard", "text/vcard"],
    ["video/3gpp", "video/3gpp"],
    ["application/pdf", "application/pdf"],
  ])("%s is kept as %s", (header, type) => {
    expect(toStoredType(header)).toBe(type);
  });

  it.each(["", "text/html", "image/svg+xml", "application/xml", "application/octet-stream", "constructor", "image"])(
    '"%s" is not kept',
    (header) => {
      expect(toStoredType(header)).toBeNull();
    },
  );

  it("is shown in a browser only if it is an image, audio or video", () => {
    expect(["image/png", "audio/amr", "video/mp4"].map(isShownInline)).toEqual([true, true, true]);
    expect(["text/plain", "text/vcard", "application/pdf"].map(isShownInline)).toEqual([false, false, false]);
  });
});

describe("a file", () => {
  it.each([
    ["image/jpeg", "\xff\xd8\xff\xe0\0\x10JFIF"],
    ["image/png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"],
    ["image/gif", "GIF89a"],
    ["image/webp", "RIFF\x24\0\0\0WEBPVP8 "],
    ["image/heic", "\0\0\0\x18ftypheic"],
    ["image/tiff", "MM\0*"],
    ["image/bmp", "BM\0\0"],
    ["application/pdf", "%PDF-1.7"],
  ])("labelled %s that begins like one is believed, HTML and less than a beginning are not", (type, beginning) => {
    expect(hasMagicBytes(type, bytes(beginning))).toBe(true);
    expect(hasMagicBytes(type, HTML)).toBe(false);
    expect(hasMagicBytes(type, bytes(beginning).subarray(0, 1))).toBe(false);
  });

  it("without a beginning to tell it by is believed", () => {
    expect(hasMagicBytes("audio/amr", bytes("anything"))).toBe(true);
  });
});
