// Holds rendered manifests against the schemas of Kubernetes and KEDA, and against our own rules: probes, limits, no writable root.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const faults = [];
const MODULES = { 'keda.sh': '@kubernetes-models/keda' };

async function modelOf({ apiVersion, kind }) {
  const [group, version = group] = apiVersion.split('/');
  const name = MODULES[group] ?? 'kubernetes-models';
  const path = group === 'v1' ? 'v1' : `${group}/${version}`;
  const found = await import(`${name}/${path}`);
  if (found[kind] === undefined) throw new Error(`no schema for ${apiVersion} ${kind}`);
  return found[kind];
}

function checkPod(where, { containers = [], initContainers = [], securityContext = {} }) {
  if (securityContext.runAsNonRoot !== true) faults.push(`${where}: may run as root`);
  for (const { name, resources, securityContext: own, livenessProbe, readinessProbe, startupProbe } of [
    ...containers,
    ...initContainers,
  ]) {
    if (resources?.limits?.memory === undefined || resources?.requests?.cpu === undefined)
      faults.push(`${where}/${name}: no limits`);
    if (own?.readOnlyRootFilesystem !== true || own?.allowPrivilegeEscalation !== false)
      faults.push(`${where}/${name}: writable root or escalation`);
    const isLongRunning = containers.some((each) => each.name === name);
    if (isLongRunning && [livenessProbe, readinessProbe, startupProbe].includes(undefined))
      faults.push(`${where}/${name}: a probe is missing`);
  }
}

let checked = 0;
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const manifest = document.toJS();
    if (manifest === null) continue;
    const where = `${file.split('/').pop()}: ${manifest.kind}/${manifest.metadata?.name}`;
    try {
      const Model = await modelOf(manifest);
      new Model(manifest).validate();
    } catch (error) {
      faults.push(`${where}: ${error.message}`);
    }
    if (manifest.kind === 'Deployment') checkPod(where, manifest.spec?.template?.spec ?? {});
    checked += 1;
  }
}
process.stdout.write(`${faults.length === 0 ? `${checked} manifests fit` : faults.join('\n')}\n`);
process.exit(faults.length === 0 && checked > 0 ? 0 : 1);
