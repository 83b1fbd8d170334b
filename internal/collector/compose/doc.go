package compose

// manifestDoc is the collector's page of the documentation.
const manifestDoc = `## What it reads

Compose files, merged in the order of ` + "`files`" + ` by the Compose specification's own library: overrides, ` + "`include`, `extends`" + `, anchors, ` + "`!reset`" + ` and both the short and the long forms. A directory stands for the files that ` + "`COMPOSE_FILE`" + ` names in its ` + "`.env`" + ` (split at ` + "`COMPOSE_PATH_SEPARATOR`" + `), else for its ` + "`compose.yaml`" + ` (or one of the older names) and the override file beside it.

` + "```yaml" + `
environments:
  - name: dev
    sources:
      - collector: compose
        files: [compose.yaml, compose.dev.yaml]
        envFiles: [.env, dev.env]
        profiles: [dev]
` + "```" + `

Services become subjects of kind ` + "`service`" + `, beside ` + "`network`, `volume`, `secret`, `config`, `job` and `model`" + `. Where ` + "`profiles`" + ` or ` + "`COMPOSE_PROFILES`" + ` says which profiles are on, a service that they do not turn on has the fact ` + "`/inactive`" + `: it is declared and does not run; where nothing says so, no service has it. ` + "`profiles: []`" + ` says that none is on. The profiles of a service are facts of it. Files may be taken from a git revision.

## Variables

Interpolation takes variables from ` + "`envFiles`" + ` (or ` + "`.env`" + ` beside the first file) and from ` + "`environment`" + ` in parity.yaml, never from the environment of this process, which is not the one Compose would run in. A variable that is not set and has no default leaves its value *unknown*: a gap for that value, not an empty text. Where two environments take a value from one variable that neither sets, they share one doubt about the variable, however many services it goes to.

The variables of a service are the effective ones: its ` + "`env_file`" + `s in order, its ` + "`environment`" + ` over them. Each says which file it is from. An ` + "`env_file`" + ` that is missing and not optional is a gap over the variables of that service.

## What compares with what

Sizes are bytes (` + "`512M`" + ` is 512 times 1024 times 1024, as in Compose), durations and ports have one form, ` + "`mem_limit`, `cpus` and `scale`" + ` mean the fields below ` + "`deploy`" + `. A service is reached as ` + "`NAME`" + ` and as ` + "`NAME.NETWORK`" + `: in variables both are the same host. Where an image is built from is one fact beside its arguments, and a published port is one. A mount is one fact: what is mounted at its target, and how where that is not the default. Bind mounts that lay parts of the project's directory out at the same places below one directory (` + "`./src:/app/src`, `./docs:/app/docs`" + `) are one fact together. A Compose service compares with a Kubernetes workload of the same name on what both have: image and variables, and memory and CPU limits.

## What it does not read

What is remote is not fetched: an ` + "`include`" + ` is a gap over everything it could hold, an ` + "`extends`" + ` over its service. Values of ` + "`secrets`" + ` are never read. Lines are given where a value stands in a file as it is; a value that was interpolated, or written in a short form, names only its file.
`
