package sbom

const page = `Reads lists of the packages that software is made of. A dependency that is one version behind in staging is one
difference, whichever of these forms the two environments' lists have:

| form | files |
| --- | --- |
| CycloneDX 1.2 to 1.7 in JSON | ` + "`*.cdx.json`, `bom.json`" + `, any JSON by its content |
| SPDX 2.2, 2.3 and 3.0 in JSON | ` + "`*.spdx.json`" + `, any JSON by its content |
| Go | ` + "`go.mod`, `go.sum`" + `, executables by the build information in them |
| npm, Yarn, pnpm | ` + "`package-lock.json`, `npm-shrinkwrap.json`, `yarn.lock`, `pnpm-lock.yaml`" + ` |
| Python | ` + "`requirements*.txt`, `poetry.lock`, `Pipfile.lock`, `uv.lock`" + ` |
| Rust | ` + "`Cargo.lock`" + ` |
| Maven, Gradle | ` + "`pom.xml`" + `, the output of ` + "`mvn dependency:tree`" + ` or ` + "`dependency:list`, `gradle.lockfile`" + ` |

` + "```yaml" + `
sources:
  - collector: sbom
    path: build/web.cdx.json
    name: web
  - collector: sbom
    paths: [bin/api, services/*/go.sum]
  - collector: sbom
    syft: true
    image: registry:registry.example.com/shop/web:1.4.0
    name: web
` + "```" + `

Such a list says the same of what is declared and of what runs, so it is compared in every role. Each list is one
subject of kind ` + "`software`" + `, called ` + "`name`" + `, else what the list says that it is of, else its file. Where a
source with a name has several lists, the name is their scope.

A package is one fact, its version, at ` + "`/packages[purl=pkg:npm/lodash]`" + `: the package URL without the version,
and without qualifiers that say for which machine or from where it was fetched. Where a list holds several versions of
one package, the highest stands there, and lower ones below it by their line: ` + "`/line[=3]`" + `. Licences, scope
(runtime, optional, dev) and digests follow from the version: they are shown and do not count. A list's number, time,
tools and form carry the rule ` + "`circumstances`" + `.

M4 counts these facts. ` + "`indicators: {M4: {target: 100, critical: [\"pkg:npm/*\"]}}`" + ` limits it to packages that are
critical.

## What it does not know

- ` + "`go.sum`" + ` lists every module whose content was ever weighed, which is more than what is built in. A binary or
  ` + "`go.mod`" + ` says it better.
- ` + "`pom.xml`" + ` alone says the versions that it states; what a parent or an imported list decides is a gap of that
  package. So is a requirement that is not pinned, and a component without a version.
- ` + "`yarn.lock`, `Cargo.lock`, `go.sum`" + ` and ` + "`requirements.txt`" + ` do not say what is for development only.
- Components that are files, data or keys are no packages and are left out. CycloneDX in XML and SPDX as tags and values
  are refused, with a gap.
- A package of one version with other contents, by its digest, is not reported: the version decides.
- Whether a list is true is not checked: a list that a build made may be older than the image beside it.

In a directory, files with names of their own are read, but not below ` + "`node_modules`, `vendor`, `target`," + `
` + "`site-packages` and `testdata`" + `. With ` + "`syft: true`" + ` the program ` + "`syft`" + ` on the PATH is run, without a
shell, with the variables ` + "`PATH`, `HOME`, `USER`, `LANG`, `TMPDIR`" + ` and those that ` + "`env`" + ` lists; where it is
not there, that is a gap.
`
