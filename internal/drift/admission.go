package drift

import (
	"fmt"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// patchesNote is where Kyverno writes what its policies changed in an object:
// lines "rule.policy.kyverno.io: replaced /spec/replicas".
const patchesNote = "/metadata/annotations/policies.kyverno.io/last-applied-patches"

// patched answers where Kyverno's own note says that it wrote the path.
func patched(a *parity.Aligned, f *finding) (owner, bool) {
	s := a.Sides[liveColumn]
	if s == nil || f.have == nil {
		return owner{}, false
	}
	want := pointerOf(f.path)
	for line := range strings.Lines(textAt(s.Facts, patchesNote)) {
		rule, rest, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		at := strings.LastIndexByte(rest, ' ')
		pointer := withoutIndices(unescape(rest[at+1:]))
		if pointer != "" && (pointer == want || strings.HasPrefix(want, pointer+"/")) {
			return owner{parity.AdmissionOwner, "Kyverno " + rule, "its policy changes the object as it is admitted, and says so in policies.kyverno.io/last-applied-patches", true}, true
		}
	}
	return owner{}, false
}

// pointerOf is a path without the items of lists, for comparison with a JSON
// pointer without its indices.
func pointerOf(path string) string {
	var b strings.Builder
	at := 0
	for _, x := range itemsIn(path) {
		if x.list >= at {
			b.WriteString(path[at:x.list])
			at = x.end
		}
	}
	b.WriteString(path[min(at, len(path)):])
	return b.String()
}

func unescape(pointer string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(pointer)
}

func withoutIndices(pointer string) string {
	var kept []string
	for _, s := range strings.Split(pointer, "/") {
		if s != "-" && strings.Trim(s, "0123456789") == "" && s != "" || s == "-" {
			continue
		}
		kept = append(kept, s)
	}
	return strings.Join(kept, "/")
}

// mutator names a subject that rewrites objects as they are admitted, or "".
func mutator(s *parity.SubjectFacts) string {
	switch s.Subject.Kind {
	case "MutatingWebhookConfiguration", "MutatingAdmissionPolicy":
		return s.Subject.Key.String()
	case "ClusterPolicy", "Policy":
		if strings.HasPrefix(s.Subject.Group, "kyverno.io") && hasMutate(s.Facts) {
			return s.Subject.Key.String()
		}
	}
	return ""
}

func hasMutate(facts []parity.Fact) bool {
	for i := range facts {
		if strings.Contains(facts[i].Path, "/mutate/") {
			return true
		}
	}
	return false
}

// rewritten answers for an image that is the declared one in another registry,
// where something in the cluster rewrites objects: the server does not say who
// changed what within one request.
func (w *owners) rewritten(_ *parity.Aligned, f *finding) (owner, bool) {
	if len(w.mutators) == 0 || f.have == nil || f.want == nil || !mirrored(f.want, f.have) {
		return owner{}, false
	}
	name := w.mutators[0]
	if n := len(w.mutators) - 1; n > 0 {
		name = fmt.Sprintf("%s or %d others", name, n)
	}
	return owner{parity.AdmissionOwner, name, "the image is the declared one in another registry, as a mirror would have it", false}, true
}

// mirrored reports whether two images are one repository, tag and digest in two
// registries: one name ends with the other.
func mirrored(want, have *parity.Fact) bool {
	a, okA := value.ParseImage(want.Value.Raw)
	b, okB := value.ParseImage(have.Value.Raw)
	if !okA || !okB || a.Tag != b.Tag || a.Digest != b.Digest || a.Registry == b.Registry {
		return false
	}
	return b.Repository == a.Repository || strings.HasSuffix(b.Repository, "/"+a.Repository)
}

// podAdmission answers for what admission plugins change in pods.
func podAdmission(a *parity.Aligned, f *finding) (owner, bool) {
	if a.Key.Kind == "Pod" && strings.HasSuffix(f.path, "/imagePullPolicy") && f.have != nil && f.have.Value.Raw == "Always" {
		return owner{parity.AdmissionOwner, "AlwaysPullImages", "the plugin makes every pod pull its images", false}, true
	}
	return owner{}, false
}

// injected answers for containers that a manager puts into workloads.
func injected(_ *parity.Aligned, f *finding) (owner, bool) {
	if f.want == nil && f.have != nil && f.have.Rules.Has(parity.Sidecar) {
		return owner{parity.AdmissionOwner, "sidecar injection", "a manager puts its container into workloads", true}, true
	}
	return owner{}, false
}
