// The folder that holds package.json and models/: a clone runs src/kernel/project-root.ts, the published package one file in dist/.
export const PROJECT_ROOT = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../', import.meta.url);
