import { defineConfig } from "@hey-api/openapi-ts";

// The document is the one that the running program serves.
export default defineConfig({ input: "openapi.json", output: "gen", plugins: ["@hey-api/client-fetch", "@hey-api/sdk"] });
