package parity

import "strings"

// Key identifies a subject within one column.
type Key struct {
	Kind  string `json:"kind"`            // Deployment, ConfigMap, service, section
	Group string `json:"group,omitempty"` // API group of a Kubernetes kind, empty for core and for other formats
	Scope string `json:"scope,omitempty"` // namespace, project or file
	Name  string `json:"name"`
}

// Compare orders keys by kind, group, scope and name.
func (k Key) Compare(o Key) int {
	if c := strings.Compare(k.Kind, o.Kind); c != 0 {
		return c
	}
	if c := strings.Compare(k.Group, o.Group); c != 0 {
		return c
	}
	if c := strings.Compare(k.Scope, o.Scope); c != 0 {
		return c
	}
	return strings.Compare(k.Name, o.Name)
}

// String gives "Kind scope/name", or "Kind name" where there is no scope.
func (k Key) String() string {
	if k.Scope == "" {
		return k.Kind + " " + k.Name
	}
	return k.Kind + " " + k.Scope + "/" + k.Name
}

// Subject is a thing that facts speak of: a workload, a role, a section of a
// values file.
type Subject struct {
	Key
	// Format names the format that the subject was stated in, where the kind
	// alone does not tell: "terraform". Empty where it does.
	Format string `json:"format,omitempty"`
	// Stem is Name without a generated suffix (a kustomize hash, a pod hash,
	// a job's timestamp); empty where Name has none.
	Stem string `json:"stem,omitempty"`
	// Labels are the subject's own labels, sorted by name. They recognise
	// services and help alignment.
	Labels []Label `json:"labels,omitempty"`
	// IDs are identities that another tool gave the subject, strongest first.
	IDs []Identity `json:"ids,omitempty"`
	// Traits are what makes the subject resemble another when names do not.
	Traits []Trait `json:"traits,omitempty"`
	// Origin is where the subject as a whole was read.
	Origin *Origin `json:"origin,omitempty"`
	// Line and Column are where it begins, 1-based; 0 where Origin has no
	// line precision.
	Line int32 `json:"line,omitempty"`
	Col  int32 `json:"column,omitempty"`
}

// Label is one name and value.
type Label struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Label returns the value of the named label, and whether it is there.
func (s *Subject) Label(name string) (string, bool) {
	for _, l := range s.Labels {
		if l.Name == name {
			return l.Value, true
		}
	}
	return "", false
}

// Identity is a name for the subject that survives renaming. Method is one of
// "declared" (the annotation parity.dev/subject), "tracking" (Argo CD),
// "release" (Helm, Flux) or "app" (app.kubernetes.io labels).
type Identity struct {
	Method string `json:"method"`
	Value  string `json:"value"`
}

// Trait is one feature for similarity. Kind is one of "image", "container",
// "port", "variable", "label" or "volume", which resemble; or "asked" or
// "unasked", which do not: a variable by its name and, for "asked", a space and
// where the code asks for it.
type Trait struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}
