package oci

const page = `Reads images from their registries, through the distribution API of OCI and Docker. Layers are never downloaded.

` + "```yaml" + `
sources:
  - path: deploy/overlays/staging
  - collector: oci              # the images that the sources above name
  - collector: oci
    images:
      - registry.example.com/shop/worker:1.4.2
      - registry.example.com/shop/batch:2.*
    latest: 3
` + "```" + `

Without ` + "`images`" + ` it reads what the other sources of the environment name: images of containers, init containers,
Compose services. An image that a mirror serves is asked for where the source says that it is, and named by what is
mirrored (` + "`rules.mirrors`" + `).

**What a tag means.** Where a workload names an image by a tag, and no other source knows the digest that runs, the
digest that the registry gives the tag is taken for it (rule ` + "`registry-digest`" + `). So an image that was rebuilt
under its tag is seen, where environments have registries of their own or were read at different times. What runs is
better known by a live source: a registry tells what the tag means now. An index, and the manifests that it has for its
platforms, are one image.

**What an image is.** Digests of index and manifests, platforms, when it was made, size of its layers as they are
transferred, labels, user, entry point, command, working directory, ports, volumes and variables of the image for
` + "`platform`" + `. All of this follows from which image it is: it explains the difference of the workload that names the
image, or of the digest, and counts nothing besides. Variables that are or may be secret are digested like any other secret. Times,
sizes, digests of parts and the labels of a build never count by themselves (rule ` + "`derived`" + `).

**What hangs on it.** Signatures (cosign, sigstore bundles, notation), SBOMs and attestations, found by the referrers
API, by the tag that stands in for it, by the tags of cosign, and in the index that BuildKit makes. A signature is seen,
and not verified. What is attached to an image is no part of it, and counts by itself: an image that is signed in
production and not in staging differs. The packages of an SBOM, and the commit and materials of a provenance, follow
from the image again; M4 counts the packages. Of several SBOMs of one image, the one with the most components speaks.

**Subjects** are of kind ` + "`image`" + `, with the registry as scope and the repository as name, so that one release
meets the next. Where one environment has several images of a repository the tag is part of the name.

**Credentials** are docker's: ` + "`DOCKER_CONFIG`, `~/.docker/config.json`, `REGISTRY_AUTH_FILE`" + `, and the helpers
that these name. Nothing but pulling is asked for. Plain HTTP is spoken to this machine, and to the registries under
` + "`insecure`" + `.

An image that cannot be read is a gap over that image alone: a missing tag, a refused credential, a registry that
answers too late, too often with an error, or with something broken. Requests that fail for a moment are tried three
times within ` + "`timeout`" + `. About eight requests are made for an image, none of them for a layer.
`
