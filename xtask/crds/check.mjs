// Checks custom resources against their schemas. Reads a JSON array of resources, writes a line
// for each mistake, and fails if there is one. A kind without a schema here is a mistake as well.
import { readFileSync } from "node:fs";

const packages = {
  "cert-manager.io": "cert-manager",
  "gateway.networking.k8s.io": "gateway-api",
  "monitoring.coreos.com": "prometheus-operator",
};

async function model(resource) {
  const [group, version] = resource.apiVersion.split("/");
  const name = packages[group];
  if (!name) throw new Error(`no schema for ${resource.apiVersion}`);
  const module = await import(
    `@kubernetes-models/${name}/${group}/${version}/${resource.kind}`
  );
  return module[resource.kind];
}

let mistakes = 0;
for (const resource of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    const Model = await model(resource);
    new Model(resource).validate();
  } catch (error) {
    mistakes += 1;
    console.log(`${resource.kind}/${resource.metadata.name}: ${error.message}`);
  }
}
process.exit(mistakes ? 1 : 0);
