import path from "node:path";
import { bundleWorker, ROOT } from "./bundle.ts";

const { script, bytes, gzipBytes } = await bundleWorker(path.join(ROOT, "dist"));
const kilobytes = (count: number): string => `${(count / 1_000).toFixed(1)} KB`;
console.log(`${path.relative(ROOT, script)}: ${kilobytes(bytes)}, ${kilobytes(gzipBytes)} gzip`);
