package drift

import (
	"fmt"
	"strings"

	"github.com/envparity/parity"
)

// risks says what writing the desired value again would do.
type risks struct {
	readers map[parity.Key][]reader // of ConfigMaps and Secrets
}

// reader is a workload that reads a ConfigMap or Secret.
type reader struct {
	name string
	// mounted files change under the running process; variables are read when
	// it starts.
	mounted bool
}

// templates are where the pods of a kind are described.
var templates = map[string]string{
	"Deployment": "/spec/template/", "StatefulSet": "/spec/template/", "DaemonSet": "/spec/template/",
	"ReplicaSet": "/spec/template/", "Rollout": "/spec/template/", "CronJob": "/spec/jobTemplate/",
}

// riskRule says what re-applying does to a kind, at paths with a prefix.
type riskRule struct {
	kinds  string // separated by blanks
	prefix string
	low    bool
	why    string
}

var riskRules = []riskRule{
	{"Namespace Node", "", false, "labels of namespaces and nodes decide what is admitted, injected and placed"},
	{"", "/metadata/labels/", true, "a label of the object itself: nothing restarts"},
	{"", "/metadata/annotations/", true, "an annotation of the object itself: nothing restarts"},
	{"Role ClusterRole RoleBinding ClusterRoleBinding", "", false, "it changes who may do what"},
	{"ServiceAccount", "", false, "it changes who pods are"},
	{"NetworkPolicy", "", false, "it changes who may talk to whom, at once"},
	{"Service", "", false, "it changes where traffic goes, at once"},
	{"Ingress HTTPRoute GRPCRoute TCPRoute TLSRoute Gateway VirtualService DestinationRule", "", false, "it changes where traffic goes, at once"},
	{"HorizontalPodAutoscaler ScaledObject VerticalPodAutoscaler", "", false, "the autoscaler acts on it at once: pods start or stop"},
	{"CronJob", "/spec/", true, "it takes effect at the next run"},
	{"PodDisruptionBudget", "/spec/", true, "it takes effect at the next eviction"},
	{"ResourceQuota LimitRange", "/spec/", true, "it takes effect on what is made next"},
	{"PriorityClass", "", false, "it changes what is evicted for what"},
	{"CustomResourceDefinition MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy MutatingAdmissionPolicy ValidatingAdmissionPolicyBinding", "", false, "it changes what the API server admits"},
	{"PersistentVolumeClaim PersistentVolume StorageClass", "", false, "storage cannot be changed back freely"},
	{"Pod Job", "", false, "most of it cannot be changed: it would have to be made anew"},
	{"Deployment StatefulSet DaemonSet ReplicaSet Rollout", "/spec/selector", false, "a selector cannot be changed: the workload would have to be made anew"},
	{"StatefulSet", "/spec/volumeClaimTemplates", false, "claim templates cannot be changed: the workload would have to be made anew"},
	{"Deployment StatefulSet DaemonSet ReplicaSet Rollout", "/spec/", true, "it takes effect at the next rollout"},
}

// fits tells whether the rule speaks of a drift.
func (x *riskRule) fits(d *parity.Drift) bool {
	if !strings.HasPrefix(d.Path, x.prefix) {
		return false
	}
	if x.kinds == "" {
		return true
	}
	for kind := range strings.FieldsSeq(x.kinds) {
		if kind == d.Subject.Kind {
			return true
		}
	}
	return false
}

// of gives the verdict on one drift.
func (r *risks) of(d *parity.Drift) parity.Reapply {
	k := d.Subject.Key()
	low, why := r.judge(d, k)
	if !low {
		return parity.Reapply{Why: why}
	}
	if d.Facts > 1 {
		return parity.Reapply{Why: fmt.Sprintf("%d fields would change, not a single one", d.Facts)}
	}
	if other := coOwner(d.Writer); other != "" {
		return parity.Reapply{Why: other + " applies the field: unless that is your own tool, the two would undo each other's work"}
	}
	return parity.Reapply{LowRisk: true, Why: "one field; " + why}
}

func (r *risks) judge(d *parity.Drift, k parity.Key) (low bool, why string) {
	switch {
	case !kubernetes(k):
		return false, "what re-applying does here is not known"
	case d.Kind == parity.DriftMissing:
		return false, missingRisk(k.Kind)
	case d.Kind == parity.DriftWidened && k.Kind != "NetworkPolicy":
		return false, "it takes rights away that something may rely on by now"
	case d.Kind == parity.DriftWidened:
		return false, "it cuts off traffic that something may rely on by now"
	case d.Path == "/spec/replicas":
		return replicaRisk(d)
	case k.Group == "" && (k.Kind == "ConfigMap" || k.Kind == "Secret") && !strings.HasPrefix(d.Path, "/metadata/"):
		return r.readersOf(k)
	}
	if template := templates[k.Kind]; template != "" && strings.HasPrefix(d.Path, template) && k.Kind != "CronJob" {
		return false, rolls(d)
	}
	for i := range riskRules {
		if riskRules[i].fits(d) {
			return riskRules[i].low, riskRules[i].why
		}
	}
	return false, "what the controller of " + k.Kind + " does with it is not known"
}

func missingRisk(kind string) string {
	switch kind {
	case "NetworkPolicy":
		return "a whole object is made: traffic that it does not allow is cut off at once"
	case "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding":
		return "a whole object is made: it gives rights that somebody may have taken away on purpose"
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout", "Job", "CronJob", "Pod":
		return "a whole object is made: pods start"
	}
	return "a whole object is made, not a single field changed"
}

// replicaRisk tells starting pods from stopping them.
func replicaRisk(d *parity.Drift) (low bool, why string) {
	want, have := number(d.Desired.Value), number(d.Live.Value)
	switch {
	case want < 0 || have < 0:
		return false, "it changes how many pods there are"
	case want < have:
		return false, fmt.Sprintf("it stops %d of %d pods", have-want, have)
	}
	return true, fmt.Sprintf("it starts %d more and stops none", want-have)
}

func number(text *string) int {
	if text == nil {
		return -1
	}
	n := 0
	for _, c := range *text {
		if c < '0' || c > '9' || n > 1_000_000 {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// rolls says how many pods a change of the template replaces.
func rolls(d *parity.Drift) string {
	s := d.Aligned.Sides[liveColumn]
	if d.Subject.Kind == "DaemonSet" || s == nil {
		return "it rolls the pods: the template changes"
	}
	n := textAt(s.Facts, "/spec/replicas")
	switch n {
	case "":
		return "it rolls the pods: the template changes"
	case "1":
		return "it rolls 1 pod: the template changes"
	}
	return "it rolls " + n + " pods: the template changes"
}

// coOwner is another manager that applies the field.
func coOwner(w *parity.Writer) string {
	for n := 0; w != nil && n < 16; w, n = w.Also, n+1 {
		if w.Operation == "Apply" {
			return w.Manager
		}
	}
	return ""
}

// newRisks finds who reads which ConfigMap and Secret: on the live side, or on
// the desired one where the live one has no workloads.
func newRisks(desired, live *parity.Snapshot) *risks {
	r := &risks{readers: map[parity.Key][]reader{}}
	for _, s := range []*parity.Snapshot{live, desired} {
		for i := range s.Subjects {
			r.learn(&s.Subjects[i])
		}
		if len(r.readers) > 0 {
			break
		}
	}
	return r
}

func (r *risks) learn(s *parity.SubjectFacts) {
	k := s.Subject.Key
	if templates[k.Kind] == "" {
		return
	}
	for i := range s.Facts {
		f := &s.Facts[i]
		if f.Value.Kind != parity.Reference {
			continue
		}
		kind, scope, name, ok := parity.ParseRefTarget(f.Value.Canon)
		if !ok || kind != "ConfigMap" && kind != "Secret" {
			continue
		}
		if scope == "" {
			scope = k.Scope
		}
		of := parity.Key{Kind: kind, Scope: scope, Name: name}
		r.readers[of] = join(r.readers[of], reader{k.String(), strings.Contains(f.Path, "/volumes[")})
	}
}

func join(rs []reader, x reader) []reader {
	for i := range rs {
		if rs[i].name == x.name {
			rs[i].mounted = rs[i].mounted || x.mounted
			return rs
		}
	}
	return append(rs, x)
}

// mostReaders bounds the readers that a sentence names.
const mostReaders = 3

func (r *risks) readersOf(k parity.Key) (low bool, why string) {
	all := r.readers[k]
	if len(all) == 0 {
		return true, "nothing restarts, and no workload that was seen reads it"
	}
	var names []string
	mounted := false
	for _, x := range all {
		mounted = mounted || x.mounted
		if len(names) < mostReaders {
			names = append(names, x.name)
		}
	}
	text := strings.Join(names, ", ")
	if more := len(all) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if mounted {
		return false, "nothing restarts, but the files change under " + text
	}
	verb := " reads"
	if len(all) > 1 {
		verb = " read"
	}
	return true, "nothing restarts; " + text + verb + " it at the next start"
}
