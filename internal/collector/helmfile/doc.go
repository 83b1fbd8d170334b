package helmfile

// page is the collector's page of the documentation.
const page = `## What it reads

A helmfile, for one of its environments: ` + "`environments`" + ` with values and secrets, ` + "`bases`" + `, ` + "`helmfiles`" + `, ` + "`templates`" + ` that releases inherit, and the ` + "`releases`" + ` with their chart, version, values, secrets, ` + "`set`" + `, ` + "`installed`" + ` and ` + "`condition`" + `. Charts that are directories of the repository are rendered as Helm does. Of charts that are elsewhere the values that they are given compare, as subjects of kind ` + "`HelmChart`" + `, with the chart, its repository and version; what they would add beyond these is a gap.

` + "```yaml" + `
environments:
  - name: staging
    sources:
      - {collector: helmfile, path: deploy/helmfile.yaml, environment: staging}
  - name: production
    sources:
      - {collector: helmfile, path: deploy/helmfile.yaml, environment: production}
` + "```" + `

## Nothing runs

Templates (` + "`.gotmpl`" + ` files, and helmfiles that are templates) are evaluated in the bounded process that renders charts, with functions that look at nothing but their arguments and files of the repository. What ` + "`env`, `requiredEnv`, `exec`" + `, secrets of other stores, times and random functions return is not known, unless ` + "`variables`" + ` gives an environment variable a value: it passes through a template as such and is a gap for the value that it ends in. Where a template *decides* by it, the part of the helmfile is a gap, since either could be so.

Patches, transformers, further dependencies and values of other programs are not applied, and say so. To have helmfile itself render, name it as a command:

` + "```yaml" + `
      - collector: exec
        command: [helmfile, --environment, staging, template]
        format: kubernetes
` + "```" + `
`
