package kubernetes

// manual is the collector's page of the documentation.
const manual = `## What it reads

All kinds that the API server lists, by its discovery, in the version that the server prefers, page by page. It sends no other request than ` + "`GET`" + `, and needs no other right than ` + "`list`" + `: [deploy/kubernetes/clusterrole.yaml](../../deploy/kubernetes/clusterrole.yaml) is a ClusterRole that is enough.

` + "```yaml" + `
environments:
  - name: staging
    sources:
      - collector: kubernetes
        context: staging
  - name: production
    instances:
      - name: eu
        sources:
          - collector: kubernetes
            context: production-eu
            excludeNamespaces: [kube-*, sandbox-*]
      - name: us
        sources:
          - collector: kubernetes
            context: production-us
            kinds: {exclude: [secrets-store.csi.x-k8s.io/*]}
` + "```" + `

The credentials are those of the kubeconfig, commands that hand out tokens included, or with ` + "`inCluster: true`" + ` those of the pod. Where an environment also has sources of what is declared, ` + "`parity check`" + ` compares what runs, and ` + "`parity drift`" + ` compares the two.

## What is a subject

Objects mean what they mean in files: the same lists by key, tuples, units, defaults and effective variables. What the server keeps for itself (the status, managed fields) is one fact each and never differs; the managed fields say of every other fact who wrote it last, and when.

No subjects are: objects that a controller makes from others (what owns them counts), except ConfigMaps and Secrets, which workloads read; what the server and its controllers make in every cluster (` + "`kube-root-ca.crt`" + `, default service accounts without settings, bootstrap roles); what Helm remembers of releases; kinds that hold measurements, leases, endpoints and events. How many there were is a fact of the cluster, ` + "`/notCompared/…`" + `. A kind that is named under ` + "`kinds.include`" + ` is read in any case.

## What runs

Pods tell of their workload, through ReplicaSets and Jobs, or any other controller:

| fact of the workload | is |
|---|---|
| the image, with its digest | the digest that runs under the declared name, for containers and init containers; where the other environment runs none, what is declared is compared |
| ` + "`/running/…/image`" + ` | containers that are not declared: injected, or attached by ` + "`kubectl debug`" + ` |
| ` + "`/running/…/digests`" + ` | where pods of one workload run several digests under one name |
| ` + "`/running/…/others`" + ` | images that pods run in place of the declared one, while it rolls out or as something rewrites them |
| ` + "`/running/…/restarts`" + ` | restarts, from three a pod on, by their order of size |
| ` + "`/running/…/waiting`, `…/ended`" + ` | why pods wait (` + "`CrashLoopBackOff`, `ImagePullBackOff`" + `), and why containers ended (` + "`OOMKilled`" + `) |
| ` + "`/running/warnings`" + ` | reasons of warning events that came three times or more: failing probes (` + "`Unhealthy`" + `), quotas (` + "`FailedCreate`" + `), scheduling |
| ` + "`/history/images`" + ` | images that earlier versions ran, as far as the cluster remembers them; they never count |

How much CPU time a container was denied is not in the API server; that is a question for metrics.

## The cluster

A subject of kind ` + "`Cluster`" + ` holds the server's version, the API versions that it serves, and kernels, runtimes, kubelets, operating systems, architectures and instance types of its nodes. Storage classes, quotas, custom resource definitions, admission policies (ValidatingAdmissionPolicy, Kyverno, Gatekeeper) and the pod security levels of namespaces are objects like any other.

## What cannot be read is a gap

A kind that may not be listed, that fails or does not answer within ` + "`timeout`" + ` is a gap for that kind and namespace; the others are read. Variables that come from Secrets are unknown where Secrets are. Without pods, what runs is unknown. A list that breaks off keeps what was read; the rest is unknown. An API group whose server is down is a gap for that group, unless none of its kinds would be a subject. A server that asks for a request to be made later is asked again, as long as ` + "`timeout`" + ` allows. A cluster that cannot be reached, whose certificate does not match or that does not accept the credentials is a gap for everything of Kubernetes.

Rights in some namespaces only are enough where ` + "`namespaces`" + ` names them: each is listed by itself then, and kinds without a namespace are gaps unless ` + "`kinds.exclude`" + ` leaves them out.

## What it costs

Lists are asked for by pages of ` + "`pageSize`" + ` objects, ` + "`concurrency`" + ` at a time, without a resource version: the server answers from its watch cache where it may, and never with more than a page. One page of each list is in memory as text at a time; what stays are facts.
`
