package manifests

// manifestDoc is the collector's page of the documentation.
const manifestDoc = `## What it reads

The collector looks at what ` + "`path`" + ` holds:

| the path is | it is read as |
|---|---|
| a directory with ` + "`kustomization.yaml`" + ` (or ` + "`.yml`, `Kustomization`" + `), or that file | a kustomization, rendered in process by kustomize |
| a directory with ` + "`Chart.yaml`" + `, or a packed chart (` + "`.tgz`" + `) | a Helm chart, rendered in process by Helm's engine with ` + "`values`" + ` in order and ` + "`valuesInline`" + ` over them |
| any other directory | all ` + "`*.yaml`, `*.yml` and `*.json`" + ` below it, file by file; kustomizations and charts below it are rendered, unless another kustomization of the tree uses them |
| a file | one or more documents |
| left out, with ` + "`values`" + ` | values alone, put together as Helm does: subjects of kind ` + "`HelmChart`" + ` |

Any path may be taken from a git revision (` + "`git:main:deploy/overlays/staging`" + `). Nothing is written, no command is run, and nothing is fetched unless ` + "`--fetch`" + ` is given.

` + "```yaml" + `
environments:
  - name: staging
    sources:
      - collector: kubernetes-manifests
        path: deploy/overlays/staging
  - name: production
    sources:
      - collector: kubernetes-manifests
        path: charts/shop
        values: [charts/shop/values-production.yaml]
        release: shop
        namespace: shop
` + "```" + `

## What cannot be read is a gap

A gap says that something may be there that was not seen, and what: whole objects, or parts of those that are there. What may be hidden is *unknown*, not missing; everything else compares. The page on [the gate](../gate.md) says which gap hides what, and when the same remote source on both sides hides nothing.

- **A file that does not parse** is a gap for what it holds; the other files are read, and so are the documents of that file before the fault. Where the text leaves no doubt which one object it holds, the gap covers that object alone.
- **Remote bases, resources and charts** of a kustomization are left out and the rest is rendered. Which revision of them an environment takes is known, and compares: subjects of kind ` + "`RemoteBase`" + ` and ` + "`HelmChart`" + `, the latter with the values the chart is given. A chart of ` + "`helmCharts`" + ` that is there (below ` + "`chartHome`" + `) is rendered.
- **A patch, file or variable source that is not there** is left out too. Merge patches whose target came with a remote base are passed over.
- **A kustomization that includes itself** is rendered without the entry that leads back.
- **Files outside of a kustomization's directory** are left out, as kustomize refuses them, unless ` + "`loadRestrictor: none`" + ` is set or a Kustomization of Flux in the repository builds the path, where a variable in a path (` + "`apps/web/${ENVIRONMENT}`" + `) stands for any name: Flux has no such restriction. Nothing outside of the repository is ever read.
- **Entries that kustomize refuses**, such as the same object twice, are left out by the name that kustomize gives, and the rest is rendered.
- **Plugins** other than kustomize's own are not run. The Secrets that a decrypting plugin names are read as they are: encrypted, and there.
- **A chart's dependency** that is not in ` + "`charts/`" + ` is read where it is a directory of the repository (` + "`file://`" + `), and fetched where ` + "`--fetch`" + ` is given and its version is exact or locked. Else the values that it is given compare, as a subject ` + "`HelmChart RELEASE/NAME`" + ` with its chart, repository and version: the chart's own ` + "`values.yaml`" + `, the values files in order, as Helm coalesces them, each with its line. What its templates would add beyond them is the gap. Where a template of the chart itself needs a chart that is not there, the chart's own values compare as well.
- **A template that fails** is left out, and the rest is rendered.
- **Values that a chart makes anew** at each rendering (random passwords, certificates, times) are unknown.

## How charts are rendered

As ` + "`helm template`" + ` does: no cluster is asked (` + "`lookup`" + ` finds nothing), notes and test hooks are left out, other hooks are read, custom resource definitions of the chart are read. The chart is told the Kubernetes version of ` + "`kubeVersion`" + `, else of ` + "`rules.kubernetes`" + `, else the newest one known here, and the API versions of Kubernetes itself besides those in ` + "`apiVersions`" + `. Values that break ` + "`values.schema.json`" + ` are a gap, since Helm would refuse them. An entry of ` + "`values`" + ` that is a directory stands for the YAML files in it, by name. In values files encrypted by SOPS the encrypted values count as there, and no more.

## Argo CD and Flux

An Application, a Kustomization or a HelmRelease is an object like any other, and what it says compares: repository, path, revision, chart and values. Values that an Application carries as text (` + "`spec.source.helm.values`" + `) are read as structure, so that a comment or the order of keys is no difference. What these objects *would bring* is not looked at, and no gap speaks of it, unless ` + "`follow: true`" + `:

` + "```yaml" + `
environments:
  - name: staging
    sources:
      - collector: kubernetes-manifests
        path: clusters/staging        # what Flux is told of this cluster
        follow: true
  - name: production
    sources:
      - collector: kubernetes-manifests
        path: argocd/appset.yaml      # one ApplicationSet for all environments
        applications: {name: "*-production"}
` + "```" + `

Then each of them whose source is a path of this repository is built as its own tool builds it, and so is what it brings:

- **Flux Kustomizations**: ` + "`path`" + ` (a directory without a kustomization gets one over all its manifests), ` + "`targetNamespace`, `namePrefix`, `nameSuffix`, `commonMetadata`, `patches`, `images`, `components`" + `, and the variables of ` + "`postBuild`" + ` with Flux's defaults and functions. Variables are taken from ConfigMaps that are there. A Kustomization that builds the tree that it is a part of, as Flux's bootstrap makes one, puts its variables into all of that tree. Those of a Secret, or of what is not there, are unknown: what depends on them is a gap that names the variable. One that is suspended is a gap. One that depends on another that is not there is a difference, as any reference to nothing.
- **Flux HelmReleases** whose chart is in this repository, with ` + "`valuesFiles`, `valuesFrom`" + ` and values. Of other charts the HelmRelease itself says version and values.
- **Argo CD Applications**: one source or several, values files of another source (` + "`$ref/…`" + `), values, parameters, the options for kustomize, ` + "`directory`" + ` with ` + "`recurse`, `include` and `exclude`" + `. A plugin is not run and is a gap.
- **Argo CD ApplicationSets**: the generators ` + "`list`, `git`, `matrix`, `merge` and `clusters`" + ` (of Secrets in the repository; clusters that a merge names are known by name), in both template languages, with ` + "`templatePatch`" + `. Generators that ask a service are a gap, and so are templates whose result changes each time.

` + "`applications`" + ` selects by name, cluster, namespace, path or project those Applications that the path itself declares or generates, so that one file serves several environments, or the clusters of one. What is not selected is left out. In a directory, only what these objects build is read, besides the directory's own files and those beside such objects: the rest is there, but nothing deploys it.

No git is asked which repository this is: it is the one whose URL most files name together with a path that is there. A source that is elsewhere is a gap; where it has the same revision and is given the same on both sides, it hides nothing.

## Where values come from

A plain file gives the line. A rendered object has no true line: it names the kustomization and, as far as kustomize tells, the base file behind it, or the template and the values files behind it.

## Encrypted files

Objects encrypted by SOPS are read by what is not encrypted; a SOPS file that is no object is a subject of kind ` + "`EncryptedFile`" + `: it is there.
`
