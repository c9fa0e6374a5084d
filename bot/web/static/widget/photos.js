import { el } from "./dom.js";

const LARGEST = 5 * 2 ** 20; // bytes, for the server
const PIXELS = 25e6;

/**
 * The photo as the server will take it, or the key of the words that refuse it.
 *
 * A phone's large picture is made smaller: the buyer hardly could.
 */
export async function fit(file) {
  const start = String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));
  if (!/^(\xff\xd8\xff|\x89PNG|RIFF[^]{4}WEBP)/.test(start)) return { refusal: "photoType" };
  const canvas = el("canvas");
  const pixels = await draw(canvas, file, 2560).catch(() => 0);
  if (file.size <= LARGEST && pixels <= PIXELS) return { photo: file };
  const blob = pixels && (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85)));
  if (!blob || blob.size > LARGEST) return { refusal: "photoSize" };
  return { photo: new File([blob], "photo.jpg", { type: blob.type }) };
}

/** Draws a picture, at most `edge` long; on a canvas, as a shop's CSP may forbid blob: images. */
export async function draw(canvas, blob, edge) {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const scale = Math.min(1, edge / Math.max(width, height));
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return width * height;
}
