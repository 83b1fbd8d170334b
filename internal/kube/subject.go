package kube

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// clusterKinds are well-known kinds without a namespace, besides those whose
// names begin with "Cluster".
var clusterKinds = map[string]bool{
	"/Namespace": true, "/Node": true, "/PersistentVolume": true, "/ComponentStatus": true,
	"rbac.authorization.k8s.io/ClusterRole":                         true,
	"rbac.authorization.k8s.io/ClusterRoleBinding":                  true,
	"apiextensions.k8s.io/CustomResourceDefinition":                 true,
	"apiregistration.k8s.io/APIService":                             true,
	"storage.k8s.io/StorageClass":                                   true,
	"storage.k8s.io/CSIDriver":                                      true,
	"storage.k8s.io/CSINode":                                        true,
	"storage.k8s.io/VolumeAttachment":                               true,
	"storage.k8s.io/VolumeAttributesClass":                          true,
	"snapshot.storage.k8s.io/VolumeSnapshotClass":                   true,
	"snapshot.storage.k8s.io/VolumeSnapshotContent":                 true,
	"scheduling.k8s.io/PriorityClass":                               true,
	"node.k8s.io/RuntimeClass":                                      true,
	"networking.k8s.io/IngressClass":                                true,
	"networking.k8s.io/IPAddress":                                   true,
	"networking.k8s.io/ServiceCIDR":                                 true,
	"gateway.networking.k8s.io/GatewayClass":                        true,
	"certificates.k8s.io/CertificateSigningRequest":                 true,
	"flowcontrol.apiserver.k8s.io/FlowSchema":                       true,
	"flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration":       true,
	"admissionregistration.k8s.io/ValidatingWebhookConfiguration":   true,
	"admissionregistration.k8s.io/MutatingWebhookConfiguration":     true,
	"admissionregistration.k8s.io/ValidatingAdmissionPolicy":        true,
	"admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": true,
	"admissionregistration.k8s.io/MutatingAdmissionPolicy":          true,
	"admissionregistration.k8s.io/MutatingAdmissionPolicyBinding":   true,
	"resource.k8s.io/DeviceClass":                                   true,
	"resource.k8s.io/ResourceSlice":                                 true,
	"policy/PodSecurityPolicy":                                      true,
	"security.openshift.io/SecurityContextConstraints":              true,
	"project.openshift.io/Project":                                  true,
	"user.openshift.io/Group":                                       true,
	"templates.gatekeeper.sh/ConstraintTemplate":                    true,
	"karpenter.sh/NodePool":                                         true,
	"karpenter.k8s.aws/EC2NodeClass":                                true,
}

// clusterNamed are kinds that begin with "Cluster" and have a namespace.
var clusterNamed = map[string]bool{
	"operators.coreos.com/ClusterServiceVersion": true,
	"cluster.x-k8s.io/Cluster":                   true,
	"postgresql.cnpg.io/Cluster":                 true,
	"cluster.x-k8s.io/ClusterClass":              true,
}

func clusterScoped(group, kind string) bool {
	if rest, ok := strings.CutPrefix(kind, "Cluster"); ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' {
		return !clusterNamed[group+"/"+kind]
	}
	return clusterKinds[group+"/"+kind]
}

// subject gives the subject of an object: its key, its stem and the
// identities that other tools gave it.
func subject(obj *doc.Node, key parity.Key, generated bool) parity.Subject {
	meta := obj.Get("metadata")
	s := parity.Subject{Key: key, Stem: stem(key.Group, key.Kind, key.Name, meta)}
	if generated && s.Stem == "" {
		s.Stem = key.Name
	}
	if labels := meta.Get("labels"); labels != nil && len(labels.Fields) > 0 {
		s.Labels = make([]parity.Label, 0, len(labels.Fields))
		for i := range labels.Fields {
			s.Labels = append(s.Labels, parity.Label{Name: labels.Fields[i].Key, Value: labels.Fields[i].Value.Str()})
		}
		slices.SortFunc(s.Labels, func(a, b parity.Label) int { return strings.Compare(a.Name, b.Name) })
	}
	s.IDs = identities(&s, meta.Get("annotations"))
	return s
}

func identities(s *parity.Subject, annotations *doc.Node) []parity.Identity {
	var ids []parity.Identity
	add := func(method, value string) {
		if value != "" {
			ids = append(ids, parity.Identity{Method: method, Value: value})
		}
	}
	label := func(name string) string { v, _ := s.Label(name); return v }
	add("declared", annotations.Get("parity.dev/subject").Str())
	add("tracking", annotations.Get("argocd.argoproj.io/tracking-id").Str())
	add("tracking", label("argocd.argoproj.io/instance"))
	if release := annotations.Get("meta.helm.sh/release-name").Str(); release != "" {
		id := annotations.Get("meta.helm.sh/release-namespace").Str() + "/" + release
		if chart := label("helm.sh/chart"); chart != "" {
			id += " " + chartName(chart)
		}
		add("release", id)
	}
	add("release", fluxRelease(label))
	partOf, name, component := label("app.kubernetes.io/part-of"), label("app.kubernetes.io/name"), label("app.kubernetes.io/component")
	if name != "" || component != "" {
		add("app", partOf+"/"+name+"/"+component)
	}
	return ids
}

func fluxRelease(label func(string) string) string {
	for _, tool := range [...]string{"helm", "kustomize"} {
		if name := label(tool + ".toolkit.fluxcd.io/name"); name != "" {
			return label(tool+".toolkit.fluxcd.io/namespace") + "/" + name
		}
	}
	return ""
}

// chartName takes the version off a helm.sh/chart label.
func chartName(label string) string {
	for i := len(label) - 1; i > 0; i-- {
		if label[i-1] == '-' && label[i] >= '0' && label[i] <= '9' && strings.Contains(label[i:], ".") {
			if !strings.Contains(label[:i-1], ".") {
				return label[:i-1]
			}
		}
	}
	return label
}

// generatedAlphabet is what kustomize's and Kubernetes' hashes are written in.
const generatedAlphabet = "2456789bcdfghkmt"

// podAlphabet is what Kubernetes' random suffixes are written in.
const podAlphabet = "bcdfghjklmnpqrstvwxz2456789"

// stem is the name without what was generated; empty where nothing was.
func stem(group, kind, name string, meta *doc.Node) string {
	switch group + "/" + kind {
	case "/ConfigMap":
		return cutSuffix(name, generatedAlphabet, 10, 10)
	case "/Secret":
		if release, ok := strings.CutPrefix(name, "sh.helm.release.v1."); ok {
			if i := strings.LastIndex(release, ".v"); i > 0 && digits(release[i+2:]) {
				return "sh.helm.release.v1." + release[:i]
			}
		}
		return cutSuffix(name, generatedAlphabet, 10, 10)
	case "apps/ReplicaSet":
		if hash := meta.At("labels", "pod-template-hash").Str(); hash != "" {
			if s, ok := strings.CutSuffix(name, "-"+hash); ok {
				return s
			}
		}
		return cutSuffix(name, podAlphabet, 8, 10)
	case "/Pod":
		return podStem(name)
	case "batch/Job":
		if i := strings.LastIndexByte(name, '-'); i > 0 && len(name)-i > 8 && digits(name[i+1:]) {
			return name[:i]
		}
	}
	return ""
}

func podStem(name string) string {
	if s := cutSuffix(name, podAlphabet, 5, 5); s != "" {
		if owner := cutSuffix(s, podAlphabet, 8, 10); owner != "" {
			return owner
		}
		return s
	}
	if i := strings.LastIndexByte(name, '-'); i > 0 && len(name)-i <= 5 && digits(name[i+1:]) {
		return name[:i] // a StatefulSet's ordinal
	}
	return ""
}

// cutSuffix takes a last segment off that is least to most letters of the
// alphabet; empty where there is none.
func cutSuffix(name, alphabet string, least, most int) string {
	i := strings.LastIndexByte(name, '-')
	if n := len(name) - i - 1; i <= 0 || n < least || n > most {
		return ""
	}
	for j := i + 1; j < len(name); j++ {
		if strings.IndexByte(alphabet, name[j]) < 0 {
			return ""
		}
	}
	return name[:i]
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
