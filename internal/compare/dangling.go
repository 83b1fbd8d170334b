package compare

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
)

// danglingKinds are the kinds of objects that nothing runs without, and that an
// environment has to bring itself.
var danglingKinds = map[string]bool{
	"ConfigMap": true, "Secret": true, "PersistentVolumeClaim": true, "ServiceAccount": true,
	// Flux waits for those that others depend on.
	"Kustomization": true, "HelmRelease": true,
}

// referrers are the kinds whose references Kubernetes itself, or Flux, follows. Those of
// other kinds may name what they make.
var referrers = map[string]bool{
	"Deployment": true, "StatefulSet": true, "DaemonSet": true, "ReplicaSet": true, "Job": true, "CronJob": true, "Pod": true,
	"DeploymentConfig": true, "Rollout": true, "ServiceAccount": true, "Kustomization": true, "HelmRelease": true,
}

// sealers are the kinds whose objects become a Secret of their own name.
var sealers = [...]struct{ group, kind string }{{"bitnami.com", "SealedSecret"}, {"external-secrets.io", "ExternalSecret"}}

// targets finds what the references of a column name.
type targets struct {
	r *run
	c *column
	// keys are the subjects without their groups.
	keys map[parity.Key]bool
	// named are texts that other subjects hold, by the name asked for.
	named map[string]bool
}

func newTargets(r *run, c *column) *targets {
	t := &targets{r: r, c: c, keys: map[parity.Key]bool{}, named: map[string]bool{}}
	for i := range c.snap.Subjects {
		k := c.snap.Subjects[i].Subject.Key
		for _, s := range sealers {
			if k.Group == s.group && k.Kind == s.kind {
				k.Kind = "Secret"
			}
		}
		k.Group = ""
		if danglingKinds[k.Kind] {
			t.keys[k] = true
		}
	}
	return t
}

// targetOf returns what a fact of a subject refers to, if that is of the kinds
// that can be missed.
func targetOf(s *parity.Subject, f *parity.Fact) (parity.Key, bool) {
	if f.Value.Kind != parity.Reference || f.DerivedFrom != nil {
		return parity.Key{}, false
	}
	kind, scope, name, ok := parity.ParseRefTarget(f.Value.Canon)
	if !ok || !danglingKinds[kind] || name == "" || kind == "ServiceAccount" && name == "default" {
		return parity.Key{}, false
	}
	if scope == "" {
		scope = s.Scope
	}
	return parity.Key{Kind: kind, Scope: scope, Name: name}, true
}

// optional reports whether a pod runs without what the fact names.
func optional(facts []parity.Fact, path string) bool {
	at := path[:strings.LastIndexByte(path, '/')+1] + "optional"
	f := factAt(facts, at)
	return f != nil && f.Value.Canonical() == "true"
}

// factAt finds a fact in a list that is sorted by path.
func factAt(facts []parity.Fact, path string) *parity.Fact {
	i := sort.Search(len(facts), func(i int) bool { return facts[i].Path >= path })
	if i == len(facts) || facts[i].Path != path {
		return nil
	}
	return &facts[i]
}

// lacks reports whether the column does not have the object, and nothing in it
// could make it or hide it.
func (t *targets) lacks(k parity.Key) bool {
	return !t.keys[k] && !t.hidden(k) && !t.madeElsewhere(k)
}

// hidden reports whether a gap of the column may hide the object as a whole.
func (t *targets) hidden(k parity.Key) bool {
	s := &parity.Subject{Key: k}
	for i := range t.c.gaps {
		g := &t.c.gaps[i]
		if g.Hides != parity.HidesNothing && g.Hides != parity.HidesParts && g.CoversSubject(k) && t.r.gapSpeaks(t.c, i, s) {
			return true
		}
	}
	return false
}

// madeElsewhere reports whether another object names the one in question, or is
// of its name and of a kind of its own: an operator may make it then.
func (t *targets) madeElsewhere(k parity.Key) bool {
	if made, known := t.named[k.Name]; known {
		return made
	}
	made := false
	for i := range t.c.snap.Subjects {
		sf := &t.c.snap.Subjects[i]
		s := &sf.Subject
		if referrers[s.Kind] {
			continue
		}
		if s.Group != "" && (s.Name == k.Name || strings.HasPrefix(k.Name, s.Name+"-")) && !builtInGroup(s.Group) || mentions(sf.Facts, k.Name) {
			made = true
			break
		}
	}
	t.named[k.Name] = made
	return made
}

// builtInGroup reports whether Kubernetes' own controllers serve the group.
func builtInGroup(group string) bool {
	return !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io")
}

func mentions(facts []parity.Fact, name string) bool {
	for i := range facts {
		if facts[i].Value.Raw == name {
			return true
		}
	}
	return false
}

// dangling visits the references of a row's subject to objects that a column
// lacks and another one has: each object once.
func (j *joiner) dangling(n int) error {
	w := j.rows[n]
	ref := w.aligned.Sides[j.ref.index]
	if ref == nil || !referrers[w.aligned.Key.Kind] {
		return nil
	}
	told := map[parity.Key]bool{}
	for _, c := range j.cols {
		side := w.aligned.Sides[c.index]
		if side == nil {
			continue
		}
		for i := range side.Facts {
			k, ok := targetOf(&side.Subject, &side.Facts[i])
			if !ok || told[k] || j.targetsOf(c).keys[k] {
				continue
			}
			cells, lacking := j.standing(w, side.Facts[i].Path)
			if len(lacking) == 0 {
				continue
			}
			fresh := false
			for _, missed := range lacking {
				fresh = fresh || !told[missed]
				told[missed] = true
			}
			if !fresh {
				continue
			}
			if err := j.dangles(w, &side.Facts[i], k, cells); err != nil {
				return err
			}
		}
	}
	return nil
}

// standing says in which columns what the subject names at a path is there, and
// what is lacking: nothing where no column has it.
func (j *joiner) standing(w *row, path string) (cells []parity.Cell, lacking []parity.Key) {
	cells = make([]parity.Cell, len(j.cols))
	there := false
	for _, c := range j.cols {
		cells[c.index] = parity.Cell{State: parity.Absent, Class: parity.Equal}
		side := w.aligned.Sides[c.index]
		if side == nil {
			continue
		}
		f := factAt(side.Facts, path)
		if f == nil {
			continue
		}
		k, ok := targetOf(&side.Subject, f)
		if !ok {
			continue
		}
		t := j.targetsOf(c)
		switch {
		case t.keys[k]:
			there = true
			fact := *f
			fact.Path = path + "/target"
			cells[c.index] = parity.Cell{State: parity.Present, Fact: &fact, Class: parity.Equal}
		case optional(side.Facts, path) || !t.lacks(k):
			cells[c.index].State = parity.UnknownState
		default:
			lacking = append(lacking, k)
			cells[c.index].Note = "reads " + k.Kind + " " + k.Name + ", which " + c.name + " does not have"
		}
	}
	if !there {
		return nil, nil
	}
	return cells, lacking
}

func (j *joiner) targetsOf(c *column) *targets {
	if j.targets == nil {
		j.targets = make([]*targets, len(j.cols))
	}
	if j.targets[c.index] == nil {
		j.targets[c.index] = newTargets(j.run, c)
	}
	return j.targets[c.index]
}

// dangles visits one reference with the columns in which it leads nowhere.
func (j *joiner) dangles(w *row, f *parity.Fact, k parity.Key, cells []parity.Cell) error {
	out := &parity.Joined{
		Subject: &w.aligned, Path: f.Path + "/target", LogicalPath: f.Path + "/target", Surface: f.Surface, Cells: cells, Synthetic: true,
	}
	there := cells[j.ref.index].State == parity.Present
	note := cells[j.ref.index].Note
	differs := false
	for i := range cells {
		cell := &cells[i]
		switch {
		case i == j.ref.index || cell.State == parity.UnknownState:
		case there && cell.Note != "":
			cell.Class = parity.Missing
		case !there && note != "" && cell.State == parity.Present:
			cell.Class, cell.Note = parity.Extra, note
		default:
			cell.Note = ""
			continue
		}
		differs = differs || cell.Class.Counts()
	}
	if !differs {
		return nil
	}
	for i := range cells {
		if cells[i].State == parity.UnknownState {
			cells[i] = parity.Cell{State: parity.Absent, Class: parity.Equal}
		}
	}
	out.Cause = parity.Cause{
		Kind: "parent", Key: joinKey("dangling", k.Kind, k.Scope, k.Name),
		Label: k.Kind + " " + k.Name + ", which " + w.aligned.Key.Kind + " " + displayName(&w.aligned) + " reads,",
	}
	return j.visit(out)
}
