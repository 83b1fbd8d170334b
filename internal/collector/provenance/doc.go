package provenance

const page = `Reads attestations: what a build says of the artifacts that it made. Understood are in-toto statements (0.1 and 1),
bare, in DSSE envelopes or in Sigstore bundles, one, several in a list, or one a line; and of what they state, SLSA
provenance 0.2 and 1 and bills of materials in CycloneDX and SPDX.

` + "```yaml" + `
sources:
  - collector: provenance
    path: release/*.intoto.jsonl
    name: web
` + "```" + `

**No signature is verified.** What is read is what is stated; whether it was signed is a fact, by whom is not known.
Verify with cosign or slsa-verifier before you believe it.

Each file's statements about one artifact are one subject of kind ` + "`artifact`" + `, called ` + "`name`" + `, else as the
artifact is called, without tag, digest and version; a file about several artifacts is called after the repository that
they were built from. It has these facts:

| path | is |
| --- | --- |
| ` + "`/artifacts[name=...]/digest`" + ` | the digest of an artifact |
| ` + "`/attestations[=...]`" + ` | that there is a statement of this type; ` + "`/signed`" + ` below it, whether with a signature |
| ` + "`/builder/id`, `/buildType`" + ` | who built it, and how |
| ` + "`/source/repository`, `/source/ref`, `/source/path`, `/source/commit`" + ` | what was built; another commit is another version |
| ` + "`/parameters/external/...`, `/internal/...`, `/environment/...`" + ` | what the build was given; secret by name as everywhere |
| ` + "`/materials[...]`" + ` | what else went into it, such as base images and actions, by version and digest |
| ` + "`/packages[purl=...]`" + ` | the packages of a bill of materials, as the collector sbom has them |

The number of the run, its times and the event that began it carry the rule ` + "`circumstances`" + ` and do not count.
What only repeats the commit follows from it. BuildKit's ` + "`buildConfig`" + ` (its steps) is left out.

Such statements hold whatever is declared and whatever runs, so they are compared in every role.
`
