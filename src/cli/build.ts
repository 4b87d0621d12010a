import path from "node:path";
import { bundleWorker, PROJECT_ROOT } from "./bundle.ts";

const { script, bytes, gzipBytes } = await bundleWorker(path.join(PROJECT_ROOT, "dist"));
const formatKilobytes = (count: number): string => `${(count / 1_000).toFixed(1)} KB`;
console.log(`${path.relative(PROJECT_ROOT, script)}: ${formatKilobytes(bytes)}, ${formatKilobytes(gzipBytes)} gzip`);
