// Package discover looks at a directory for what declares environments, and
// writes a first parity.yaml from it.
package discover

import (
	"cmp"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/envname"
)

// Plan is what a first parity.yaml says.
type Plan struct {
	// Project is the project's name; the caller sets it, since a file system
	// has none. Empty leaves it out.
	Project string
	// Environments are in order of rank; the last one is the reference.
	Environments []Environment
	// Presets are those of telemetry that fit; nil leaves the section out.
	Presets []string
	// Notes say what was seen and left out, and why.
	Notes []string
}

// Environment is one environment that was found.
type Environment struct {
	Name      string
	Rank      int
	Sources   []Source
	Instances []Instance
}

// Instance is one of several instances of an environment.
type Instance struct {
	Name    string
	Sources []Source
}

// Source is one source: a collector with its keys, in order.
type Source struct {
	Collector string
	Keys      []Key
}

// Key is one key of a source: a text, or a list where List is not nil.
type Key struct {
	Name string
	Text string
	List []string
}

// candidate is a source of one environment, before it is known whether there
// are others beside it.
type candidate struct {
	env      spelled
	instance string
	// family is the same for what is the same thing in other environments.
	family string
	form   form
	path   string
	source Source
	// keep tells that the candidate counts even if it stands alone.
	keep bool
}

// form is what a candidate is, to tell what stands for the same twice.
type form uint8

const (
	manifests form = iota
	charts
	composed
	dotenv
	settings
)

// settle decides which candidates are environments. Those of a family with two
// environments are; one that stands alone is where its environment is known
// from others, or where its name is clear. Settings, and values of a chart,
// never stand alone: the other environments have them under another name.
func (f *finder) settle(all []candidate) []candidate {
	classes := map[string]map[string]bool{}
	for _, c := range all {
		if classes[c.family] == nil {
			classes[c.family] = map[string]bool{}
		}
		classes[c.family][c.env.class] = true
	}
	sure := func(family string) bool {
		of := classes[family]
		return len(of) > 1 && slices.ContainsFunc(envname.Families(), func(w envname.Family) bool { return of[w.Name] && !w.Weak })
	}
	known := map[string]bool{}
	for _, c := range all {
		if sure(c.family) {
			known[c.env.class] = true
		}
	}
	return slices.DeleteFunc(all, func(c candidate) bool {
		if c.form == settings {
			return !sure(c.family)
		}
		if c.form == charts && len(classes[c.family]) == 1 {
			f.note(c.path + " was left out: its chart has values for " + c.env.as + " only.")
			return true
		}
		return !known[c.env.class] && (!c.keep || c.env.weak)
	})
}

// plan puts settled candidates together.
func plan(all []candidate) Plan {
	var p Plan
	for _, f := range envname.Families() {
		w := &word{f.Name, f.Rank, f.Weak}
		var own []candidate
		for _, c := range all {
			if c.env.class == w.class {
				own = append(own, c)
			}
		}
		if len(own) > 0 {
			env, left := environment(w, own)
			p.Environments = append(p.Environments, env)
			p.Notes = append(p.Notes, left...)
		}
	}
	slices.SortStableFunc(p.Environments, func(a, b Environment) int { return cmp.Compare(a.Rank, b.Rank) })
	return p
}

func environment(w *word, own []candidate) (env Environment, notes []string) {
	env = Environment{Name: commonName(own), Rank: w.rank}
	whole := map[string]bool{}
	for _, c := range own {
		if c.instance == "" {
			env.Sources = append(env.Sources, c.source)
			whole[c.family] = true
		}
	}
	for _, c := range own {
		switch {
		case c.instance == "":
		case whole[c.family]:
			notes = append(notes, c.path+" was left out: "+env.Name+" as a whole has a source of the same kind beside it.")
		default:
			env.add(c)
		}
	}
	if len(env.Instances) == 1 {
		env.Sources = append(env.Sources, env.Instances[0].Sources...)
		env.Instances = nil
	}
	return env, notes
}

func (e *Environment) add(c candidate) {
	i := slices.IndexFunc(e.Instances, func(in Instance) bool { return in.Name == c.instance })
	if i < 0 {
		i = len(e.Instances)
		e.Instances = append(e.Instances, Instance{Name: c.instance})
	}
	e.Instances[i].Sources = append(e.Instances[i].Sources, c.source)
}

// commonName gives the spelling that most candidates have, the longest one
// where several do.
func commonName(own []candidate) string {
	count := map[string]int{}
	best := ""
	for _, c := range own {
		count[c.env.as]++
	}
	for as, n := range count {
		if cmp.Or(cmp.Compare(n, count[best]), cmp.Compare(len(as), len(best)), strings.Compare(best, as)) > 0 {
			best = as
		}
	}
	return best
}

// enough refuses a plan that compares nothing.
func (p Plan) enough() error {
	hint := "parity looks for kustomize overlays (overlays/staging), Helm values (values-staging.yaml), manifests (k8s/staging), " +
		"Compose files (compose.staging.yaml) and dotenv files (.env.staging); name others in parity.yaml yourself"
	if len(p.Notes) > 0 {
		hint = p.Notes[0] + " " + hint
	}
	switch len(p.Environments) {
	case 0:
		return &parity.Error{Code: parity.CodeConfig, What: "nothing here tells of an environment", Hint: hint}
	case 1:
		return &parity.Error{
			Code: parity.CodeConfig, What: "only one environment was found, " + p.Environments[0].Name + ", and there is nothing to compare it with",
			Hint: hint,
		}
	}
	return nil
}
