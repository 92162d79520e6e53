// Parse workflows with GitHub's own parser (npm's @actions/workflow-parser), and print each file's errors as JSON.
// usage: node .ci/parse_workflows.mjs NODE_MODULES FILE…
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

// The package imports its schema in a form that only bundlers take: JSON without an import attribute.
const hook = `
  import { readFileSync } from "node:fs";
  import { fileURLToPath } from "node:url";
  export async function load(url, context, next) {
    if (!url.endsWith(".json")) return next(url, context);
    return { format: "module", source: "export default " + readFileSync(fileURLToPath(url), "utf-8"), shortCircuit: true };
  }`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

const [modules, ...files] = process.argv.slice(2);
const parser = pathToFileURL(resolve(modules, "@actions/workflow-parser/dist/index.js"));
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(parser);

const found = {};
for (const name of files) {
  const content = readFileSync(name, "utf-8");
  const parsed = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (parsed.value) await convertWorkflowTemplate(parsed.context, parsed.value);
  found[name] = parsed.context.errors.getErrors().map((error) => error.message);
}
console.log(JSON.stringify(found));
