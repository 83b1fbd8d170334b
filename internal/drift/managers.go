package drift

// knownManagers are controllers by the names under which they write. Who
// applies manifests (kubectl, Helm, Argo CD, Flux, Terraform) is not among
// them: what those wrote and the desired source does not say is drift.
var knownManagers = []Owner{
	{"kube-controller-manager", "kube-controller-manager", "Kubernetes' own controllers keep it"},
	{"clusterrole-aggregation-controller", "clusterrole-aggregation-controller", "it gathers the rules of the roles that the aggregationRule selects"},
	{"kube-scheduler", "kube-scheduler", "it decides where pods run"},
	{"kube-apiserver", "kube-apiserver", "the API server keeps it for itself"},
	{"kubelet", "kubelet", "the node says so of itself"},
	{"cloud-controller-manager", "cloud-controller-manager", "it writes what the cloud handed out"},
	{"cluster-autoscaler", "cluster-autoscaler", "it adds and takes away nodes"},
	{"karpenter", "Karpenter", "it adds and takes away nodes"},
	{"keda", "KEDA", "it scales by events"},
	{"keda-operator", "KEDA", "it scales by events"},
	{"vpa-*", "Vertical Pod Autoscaler", "it sets what pods request"},
	{"horizontal-pod-autoscaler", "HorizontalPodAutoscaler", "it sets how many replicas there are"},
	{"rollouts-controller", "Argo Rollouts", "it moves traffic and replicas during a rollout"},
	{"argo-rollouts", "Argo Rollouts", "it moves traffic and replicas during a rollout"},
	{"flagger", "Flagger", "it moves traffic and replicas during a rollout"},
	{"cert-manager-*", "cert-manager", "it injects certificates and keeps what it issued"},
	{"cert-manager", "cert-manager", "it injects certificates and keeps what it issued"},
	{"cainjector", "cert-manager", "it injects certificate bundles"},
	{"trust-manager", "trust-manager", "it distributes certificate bundles"},
	{"pilot-discovery", "istiod", "it injects its certificate bundle and sidecars' settings"},
	{"istiod", "istiod", "it injects its certificate bundle and sidecars' settings"},
	{"linkerd-*", "Linkerd", "it injects proxies and their settings"},
	{"cilium-operator*", "Cilium", "it keeps what it derives of policies and services"},
	{"external-secrets", "External Secrets Operator", "it fills secrets from a store"},
	{"sealed-secrets-controller", "Sealed Secrets", "it fills secrets from sealed ones"},
	{"secrets-store-csi-driver", "Secrets Store CSI driver", "it fills secrets from a store"},
	{"vault-*", "Vault", "it fills secrets and injects agents"},
	{"external-dns", "ExternalDNS", "it keeps names of services"},
	{"aws-load-balancer-controller", "AWS Load Balancer Controller", "it writes what the load balancer got"},
	{"ingress-gce*", "GKE Ingress", "it writes what the load balancer got"},
	{"background-controller", "Kyverno", "it changes objects by its policies"},
	{"kyverno*", "Kyverno", "it changes objects by its policies"},
	{"gatekeeper", "Gatekeeper", "it changes objects by its mutations"},
	{"Reloader", "Reloader", "it restarts workloads when their configuration changes"},
	{"prometheus-operator", "Prometheus Operator", "it makes workloads of its resources"},
	{"PrometheusOperator", "Prometheus Operator", "it makes workloads of its resources"},
	{"olm", "Operator Lifecycle Manager", "it installs operators"},
	{"kueue*", "Kueue", "it suspends and admits jobs"},
	{"velero*", "Velero", "it notes backups and restores"},
	{"crossplane*", "Crossplane", "it composes resources"},
	{"apiextensions.crossplane.io/*", "Crossplane", "it composes resources"},
	{"elastic-operator", "Elastic operator", "it keeps what it derives of its resources"},
	{"strimzi*", "Strimzi", "it keeps what it derives of its resources"},
	{"cnpg*", "CloudNativePG", "it keeps what it derives of its resources"},
	{"longhorn-manager", "Longhorn", "it keeps volumes"},
}

// vague are names that controllers have when nobody gave them one.
var vague = map[string]bool{
	"manager": true, "controller": true, "operator": true, "main": true, "webhook": true, "server": true,
	"unknown": true, "Go-http-client": true, "__debug_bin": true, "app": true, "python-requests": true, "OpenAPI-Generator": true,
}
