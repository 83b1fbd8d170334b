package parity_test

// table is the architecture: which package may import which directly. A
// package's imports stand above it.
var table = []row{
	{pkg: "", why: "the vocabulary", pure: true},
	{pkg: "value", why: "grammars of single values", pure: true, imports: []string{""}},
	{pkg: "surface", why: "which aspect a fact belongs to", pure: true, imports: []string{""}},
	{pkg: "kinds", why: "what is declared of kinds of subjects", pure: true, imports: []string{"", "surface"}},
	{pkg: "telemetry", why: "the kinds of subjects that several sources of telemetry emit", pure: true, imports: []string{"", "kinds"}},
	{pkg: "redact", why: "what is secret, and keyed digests", pure: true, imports: []string{""}},
	{
		pkg: "doc", why: "six formats to one tree of nodes", pure: true,
		libraries: []string{"github.com/pelletier/go-toml/v2", "go.yaml.in/yaml/v3"},
	},
	{pkg: "place", why: "files on disk and at git revisions", imports: []string{""}},
	{
		pkg: "kube", why: "what a Kubernetes object means", pure: true,
		imports:   []string{"", "doc", "kinds", "surface", "value"},
		libraries: []string{"golang.org/x/text"},
	},
	{
		pkg: "settings", why: "what structured settings mean", pure: true,
		imports: []string{"", "doc", "kinds", "surface", "value"},
	},
	{
		pkg: "cloud", why: "what resources of clouds mean", pure: true,
		imports: []string{"", "doc", "kinds", "surface", "value"},
	},
	{
		pkg: "tfconfig", why: "what configurations of Terraform, OpenTofu and Terragrunt state", pure: true,
		imports:   []string{"doc"},
		libraries: []string{"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty"},
	},
	{
		pkg: "sbom", why: "lists of software components", pure: true,
		imports:   []string{"", "doc", "value"},
		libraries: []string{"github.com/package-url/packageurl-go"},
	},
	{
		pkg: "attest", why: "what attestations state", pure: true,
		imports: []string{"", "doc", "sbom", "value"},
	},
	{pkg: "atomicfile", why: "files written whole, and through no link", imports: []string{"", "place"}},
	{pkg: "parallel", why: "goroutines, within a limit and with panics as errors"},
	{pkg: "glob", why: "the files that a pattern stands for", imports: []string{"", "place"}},
	{pkg: "command", why: "the output of a command, within bounds", imports: []string{""}},
	{pkg: "render", why: "templates in a process of its own, within bounds", imports: []string{"", "parallel"}},
	{pkg: "naming", why: "what telemetry calls services and endpoints", pure: true},
	{pkg: "measured", why: "requests in steps of time", pure: true, imports: []string{""}},
	{pkg: "jsonwalk", why: "JSON in one pass, without a tree", pure: true},
	{pkg: "spans", why: "traces: their trees, and what they tell of services", pure: true, imports: []string{"", "measured", "naming"}},
	{pkg: "sidebyside", why: "one endpoint's traces in two environments", pure: true, imports: []string{"measured", "spans"}},
	{pkg: "otlp", why: "OTLP in JSON", pure: true, imports: []string{"jsonwalk", "naming", "spans"}},
	{pkg: "stats", why: "intervals, equivalence, sequential tests", pure: true},
	{pkg: "trust", why: "which credential may be sent to which host", imports: []string{""}},
	{pkg: "webapi", why: "questions to HTTP APIs, within bounds", imports: []string{"", "place", "trust"}},
	{pkg: "promrule", why: "what rules of alerting and recording state", pure: true, imports: []string{"", "value"}},
	{pkg: "realdata", why: "where tests find real inputs"},
	{
		pkg: "component", why: "real servers for tests, and a proxy with faults",
		libraries: []string{"github.com/klauspost/compress", "google.golang.org/protobuf", "k8s.io/client-go"},
	},
	{
		pkg: "sampleshop", why: "a small service under load, for tests",
		imports:   []string{"component"},
		libraries: []string{"github.com/prometheus/client_golang", "go.yaml.in/yaml/v3", "golang.org/x/sys"},
	},
	{
		pkg: "excerpt", why: "text cut by width, so that what differs stays visible", pure: true,
		libraries: []string{"github.com/mattn/go-runewidth"},
	},
	{pkg: "envname", why: "the words that name environments", pure: true},
	{
		pkg: "helmfile", why: "what a helmfile declares", pure: true,
		imports:   []string{"doc"},
		libraries: []string{"github.com/Masterminds/sprig/v3", "sigs.k8s.io/yaml"},
	},
	{
		pkg: "fetch", why: "charts that a repository names and does not hold",
		imports:   []string{"atomicfile", "doc", "trust"},
		libraries: []string{"github.com/google/go-containerregistry"},
	},
	{
		pkg: "collector", why: "the contract, the registry, the runner",
		imports: []string{"", "kinds", "naming", "parallel", "place", "redact", "render", "trust", "value"},
	},
	{
		pkg: "collector/collectortest", why: "the conformance suite",
		imports:   []string{"", "collector", "place", "redact"},
		libraries: []string{"github.com/google/go-cmp", "github.com/rogpeppe/go-internal", "go.uber.org/goleak", "go.yaml.in/yaml/v3"},
	},
	{
		pkg: "collector/manifests", why: "manifests, kustomizations, charts, Argo CD, Flux",
		imports:   []string{"", "collector", "doc", "envname", "helmfile", "kinds", "kube", "place", "render", "settings", "value"},
		libraries: []string{"github.com/Masterminds/sprig/v3", "github.com/fluxcd/pkg/envsubst", "github.com/santhosh-tekuri/jsonschema/v6", "go.yaml.in/yaml/v3", "helm.sh/helm/v3", "sigs.k8s.io/kustomize/api", "sigs.k8s.io/kustomize/kyaml", "sigs.k8s.io/yaml"},
	},
	{
		pkg: "collector/helmfile", why: "the releases of helmfiles",
		imports: []string{"collector", "collector/manifests", "helmfile", "place"},
	},
	{
		pkg: "collector/kubernetes", why: "what runs in a cluster",
		imports:   []string{"", "collector", "doc", "kube", "parallel", "place", "trust"},
		libraries: []string{"golang.org/x/net", "google.golang.org/protobuf", "k8s.io/apimachinery", "k8s.io/client-go"},
	},
	{
		pkg: "collector/compose", why: "Compose files",
		imports:   []string{"", "collector", "doc", "envname", "kinds", "place", "render", "surface", "value"},
		libraries: []string{"github.com/compose-spec/compose-go/v2", "go.yaml.in/yaml/v3"},
	},
	{
		pkg: "collector/dotenv", why: "dotenv files",
		imports: []string{"", "collector", "doc", "glob", "kinds", "place", "surface", "value"},
	},
	{
		pkg: "collector/files", why: "structured files",
		imports: []string{"", "collector", "doc", "glob", "place", "settings"},
	},
	{
		pkg: "collector/process", why: "how programs are built and run: Procfiles, Dockerfiles, ECS, systemd, tools",
		imports: []string{"", "collector", "doc", "glob", "kinds", "place", "surface", "value"},
	},
	{
		pkg: "collector/exec", why: "the output of a command",
		imports: []string{"", "collector", "command", "doc", "kube", "settings"},
	},
	{
		pkg: "collector/sbom", why: "lists of software components",
		imports: []string{"", "collector", "command", "doc", "glob", "kinds", "place", "sbom", "value"},
	},
	{
		pkg: "collector/provenance", why: "attestations in files",
		imports: []string{"", "attest", "collector", "glob", "kinds", "place"},
	},
	{
		pkg: "collector/oci", why: "images in their registries",
		imports:   []string{"", "attest", "collector", "doc", "kinds", "parallel", "place", "sbom", "surface", "value", "webapi"},
		libraries: []string{"github.com/google/go-containerregistry"},
	},
	{
		pkg: "collector/terraform", why: "state and plans of Terraform and OpenTofu",
		imports: []string{"", "cloud", "collector", "doc", "glob", "place", "settings"},
	},
	{
		pkg: "collector/terraformconfig", why: "configurations of Terraform, OpenTofu and Terragrunt",
		imports: []string{"", "cloud", "collector", "doc", "glob", "kinds", "place", "settings", "surface", "tfconfig"},
	},
	{
		pkg: "collector/ansible", why: "inventories of Ansible",
		imports: []string{"", "collector", "doc", "kinds", "place", "settings", "surface"},
	},
	{
		pkg: "collector/prometheus", why: "what servers of metrics tell",
		imports: []string{"", "collector", "doc", "envname", "naming", "promrule", "telemetry", "value", "webapi"},
	},
	{
		pkg: "collector/loki", why: "what servers of logs tell",
		imports: []string{"", "collector", "parallel", "telemetry", "webapi"},
	},
	{
		pkg: "collector/traces", why: "servers of traces",
		imports: []string{"", "collector", "jsonwalk", "naming", "otlp", "spans", "telemetry", "webapi"},
	},
	{
		pkg: "collector/otlp", why: "files of metrics and traces",
		imports: []string{"", "collector", "glob", "measured", "naming", "otlp", "place", "spans", "telemetry"},
	},
	{
		pkg: "collector/alerting", why: "who is told of alerts, and rules in files",
		imports: []string{"", "collector", "doc", "glob", "kinds", "parallel", "promrule", "telemetry", "trust", "value", "webapi"},
	},
	{
		pkg: "collector/all", why: "the list of collectors",
		imports: []string{"collector", "collector/alerting", "collector/ansible", "collector/compose", "collector/dotenv", "collector/exec", "collector/files", "collector/helmfile", "collector/kubernetes", "collector/loki", "collector/manifests", "collector/oci", "collector/otlp", "collector/process", "collector/prometheus", "collector/provenance", "collector/sbom", "collector/terraform", "collector/terraformconfig", "collector/traces", "render"},
	},
	{pkg: "config", why: "parity.yaml", imports: []string{"", "naming"}, libraries: []string{"go.yaml.in/yaml/v3"}},
	{pkg: "discover", why: "a first parity.yaml", imports: []string{"", "envname"}, libraries: []string{"go.yaml.in/yaml/v3"}},
	{pkg: "behaviour", why: "whether measurements are alike", pure: true, imports: []string{"", "stats"}},
	{pkg: "word", why: "words of names", pure: true},
	{pkg: "suspect", why: "which differences may be a cause", pure: true, imports: []string{"", "kinds", "word"}},
	{pkg: "propose", why: "differences that look meant, as expectations", pure: true, imports: []string{"", "value", "word"}, libraries: []string{"go.yaml.in/yaml/v3"}},
	{
		pkg: "compare", why: "align, bind, classify", pure: true,
		imports:   []string{"", "behaviour", "envname", "kinds", "value"},
		libraries: []string{"golang.org/x/net"},
	},
	{
		pkg: "grouping", why: "differences by cause, in words and in order", pure: true,
		imports: []string{"", "envname", "excerpt", "kinds", "value"},
	},
	{
		pkg: "drift", why: "what runs against what is declared", pure: true,
		imports: []string{"", "compare", "kinds", "value"},
	},
	{
		pkg: "policy", why: "expectations, exceptions, indicators, scores, verdict", pure: true,
		imports:   []string{"", "config", "kinds", "value"},
		libraries: []string{"cel.dev/cel-go", "go.yaml.in/yaml/v3"},
	},
	{
		pkg: "store", why: "snapshots in files",
		imports:   []string{""},
		libraries: []string{"github.com/klauspost/compress"},
	},
	{pkg: "report/view", why: "what all reports share", pure: true, imports: []string{""}},
	{
		pkg: "report/reporttest", why: "results to test reports with",
		imports:   []string{""},
		libraries: []string{"github.com/google/go-cmp"},
	},
	{
		pkg: "report/terminal", why: "for people at a terminal",
		imports: []string{"", "excerpt", "report/view"},
	},
	{pkg: "report/jsonreport", why: "for programs", imports: []string{"", "report/view"}},
	{pkg: "report/markdown", why: "for pull requests", imports: []string{"", "excerpt", "report/view"}},
	{pkg: "report/html", why: "one page", imports: []string{"", "report/view"}},
	{pkg: "report/sarif", why: "for code scanning", imports: []string{"", "report/view"}},
	{pkg: "report/junit", why: "for continuous integration", imports: []string{"", "report/view"}},
	{
		pkg: "report", why: "the list of formats",
		imports: []string{"", "report/html", "report/jsonreport", "report/junit", "report/markdown", "report/sarif", "report/terminal", "report/view"},
	},
	{
		pkg: "app", why: "the wiring",
		imports:   []string{"", "atomicfile", "behaviour", "collector", "collector/all", "collector/kubernetes", "collector/manifests", "collector/prometheus", "compare", "config", "discover", "drift", "envname", "glob", "grouping", "kinds", "naming", "parallel", "place", "policy", "propose", "redact", "render", "sidebyside", "spans", "store", "suspect", "trust", "webapi"},
		libraries: []string{"go.yaml.in/yaml/v3"},
	},
	{
		pkg: "cli", why: "flags in, exit code out",
		imports:   []string{"", "app", "atomicfile", "collector", "collector/all", "fetch", "parallel", "place", "redact", "render", "report", "report/jsonreport", "report/view", "trust"},
		libraries: []string{"github.com/spf13/cobra"},
	},
	{pkg: "cmd/parity", why: "the process", imports: []string{"cli", "collector/all", "parallel", "render"}, libraries: []string{"github.com/go-logr/logr", "golang.org/x/term", "k8s.io/klog/v2"}},
	{pkg: "acceptance", why: "what must be true of the whole, on real inputs"},
}
