// Parses an AsyncAPI document with the parser of the AsyncAPI initiative; exit 1 with its findings.
// Run by deploy/asyncapi-check, from a folder that has the parser installed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, file] = process.argv.slice(2);
const { Parser, DiagnosticSeverity } = createRequire(join(folder, "package.json"))("@asyncapi/parser");
const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"));
const serious = diagnostics.filter((found) => found.severity <= DiagnosticSeverity.Warning);
for (const found of serious) {
  const line = found.range.start.line + 1;
  console.error(`${file}:${line}: ${found.code}: ${found.message} (${found.path.join("/")})`);
}
if (!document || serious.length > 0) process.exit(1);
console.log(
  `${file}: AsyncAPI ${document.version()}, ${document.channels().length} channels, ` +
    `${document.operations().length} operations, ${document.messages().length} messages`,
);
