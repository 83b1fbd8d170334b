package drift

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// risks says what writing the desired value again would do.
type risks struct {
	kinds   *kinds.Set
	readers map[parity.Key][]reader // of what processes read
}

// reader is a workload that reads a ConfigMap or Secret.
type reader struct {
	name string
	// mounted files change under the running process; variables are read when
	// it starts.
	mounted bool
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
	kind := r.kinds.Named(k.Kind)
	if d.Aligned != nil {
		kind = r.kinds.OfRow(d.Aligned)
	}
	switch {
	case len(kind.Reapply) == 0:
		return false, "what re-applying does here is not known"
	case d.Kind == parity.DriftMissing:
		return false, cmp.Or(kind.Made, "a whole "+k.Kind+" is made")
	case d.Kind == parity.DriftWidened && d.Surface == parity.Network:
		return false, "it cuts off traffic that something may rely on by now"
	case d.Kind == parity.DriftWidened:
		return false, "it takes rights away that something may rely on by now"
	}
	for i := range kind.Reapply {
		x := &kind.Reapply[i]
		if !strings.HasPrefix(d.Path, x.Prefix) {
			continue
		}
		switch x.Effect {
		case kinds.EffectScales:
			return replicaRisk(d)
		case kinds.EffectRolls:
			return false, rolls(d, kind.Replicas)
		case kinds.EffectRead:
			return r.readersOf(k)
		case kinds.EffectStated:
			return x.LowRisk, x.Why
		}
		break
	}
	return false, "what the controller of " + k.Kind + " does with it is not known"
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
func rolls(d *parity.Drift, replicas string) string {
	s := d.Aligned.Sides[liveColumn]
	if replicas == "" || s == nil {
		return "it rolls the pods: the template changes"
	}
	n := textAt(s.Facts, replicas)
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
func newRisks(declared *kinds.Set, desired, live *parity.Snapshot) *risks {
	r := &risks{kinds: declared, readers: map[parity.Key][]reader{}}
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
	if !r.kinds.Of(&s.Subject).Runs {
		return
	}
	for i := range s.Facts {
		f := &s.Facts[i]
		if f.Value.Kind != parity.Reference {
			continue
		}
		kind, scope, name, ok := parity.ParseRefTarget(f.Value.Canon)
		if !ok || !r.kinds.Named(kind).Held {
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

// maxReaders bounds the readers that a sentence names.
const maxReaders = 3

func (r *risks) readersOf(k parity.Key) (low bool, why string) {
	all := r.readers[k]
	if len(all) == 0 {
		return true, "nothing restarts, and no workload that was seen reads it"
	}
	var names []string
	mounted := false
	for _, x := range all {
		mounted = mounted || x.mounted
		if len(names) < maxReaders {
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
