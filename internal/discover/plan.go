package discover

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
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
	// Doubts are what may be an environment and may be none.
	Doubts []Doubt

	// compact makes fewer sources of many, by patterns; nil leaves them.
	compact func([]Source) []Source
}

// Doubt is a question about what may be an environment.
type Doubt struct {
	Question    string
	Environment Environment
}

// Accept takes what was doubtful for an environment.
func (p *Plan) Accept(d Doubt) {
	p.Environments = append(p.Environments, d.Environment)
	p.order()
}

func (p *Plan) order() {
	slices.SortFunc(p.Environments, func(x, y Environment) int {
		return cmp.Or(cmp.Compare(x.Rank, y.Rank), strings.Compare(x.Name, y.Name))
	})
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
	Name string
	// Reference marks the instance that all others are compared with.
	Reference bool
	Sources   []Source
}

// Source is one source: a collector with its keys, in order.
type Source struct {
	Collector string
	Keys      []Key
}

// Key is one key of a source: a text, a list where List is not nil, names with
// texts where Map is not nil, or true where Set is.
type Key struct {
	Name string
	Text string
	List []string
	Map  map[string]string
	Set  bool
}

// plan puts what was found together.
func (a *assignment) plan() Plan {
	a.compose()
	a.additions()
	a.helmfiles()
	a.flux()
	a.nested()
	a.single()
	a.charts()
	p := Plan{compact: a.inv.compact}
	for _, own := range a.byClass(false) {
		p.Environments = append(p.Environments, a.environment(own))
	}
	for _, own := range a.byClass(true) {
		p.Doubts = append(p.Doubts, a.doubt(own))
	}
	p.order()
	p.settle()
	a.mark(&p)
	if n := len(p.Environments); n > 1 && p.Environments[n-1].Rank < production {
		a.note("None of these is known to be production: " + p.Environments[n-1].Name + " is taken for the reference.")
	}
	p.Notes = a.remarks()
	return p
}

// mark makes the instance of the reference that has counterparts in the most
// environments the one that all others are compared with.
func (a *assignment) mark(p *Plan) {
	if len(p.Environments) == 0 {
		return
	}
	stems, classes := map[string]string{}, map[string]map[string]bool{}
	for _, f := range a.found {
		if f.instance == "" || f.reading.stem == "" || f.reading.doubt {
			continue
		}
		stems[f.instance] = f.reading.stem
		if classes[f.reading.stem] == nil {
			classes[f.reading.stem] = map[string]bool{}
		}
		classes[f.reading.stem][f.reading.class] = true
	}
	best, most, tie := -1, 1, false
	last := &p.Environments[len(p.Environments)-1]
	for i, in := range last.Instances {
		switch n := len(classes[stems[in.Name]]); {
		case n > most:
			best, most, tie = i, n, false
		case n == most:
			tie = true
		}
	}
	if best >= 0 && !tie {
		last.Instances[best].Reference = true
	}
}

// production is the rank of what others are compared with.
const production = 49

// byClass groups what was found by environment.
func (a *assignment) byClass(doubtful bool) [][]found {
	var classes []string
	groups := map[string][]found{}
	for _, f := range a.found {
		if f.reading.doubt != doubtful {
			continue
		}
		if groups[f.reading.class] == nil {
			classes = append(classes, f.reading.class)
		}
		groups[f.reading.class] = append(groups[f.reading.class], f)
	}
	out := make([][]found, len(classes))
	for i, c := range classes {
		out[i] = groups[c]
	}
	return out
}

// doubt asks whether what was found is an environment.
func (a *assignment) doubt(own []found) Doubt {
	env := a.environment(own)
	if len(env.Instances) > 0 {
		for _, in := range env.Instances {
			env.Sources = append(env.Sources, in.Sources...)
		}
		env.Instances = nil
	}
	env.Sources = a.inv.compact(env.Sources)
	text := "Is " + env.Name + " an environment? It stands where environments do: " + own[0].path
	if n := len(own) - 1; n > 0 {
		text += " and " + strconv.Itoa(n) + " more"
	}
	return Doubt{Question: text + ".", Environment: env}
}

// group is what is compared with each other: layouts whose sources read the
// same kinds of things.
func (f found) group() string {
	if f.source.Collector == "kubernetes-manifests" {
		return "kubernetes-manifests"
	}
	return f.place.layout.name
}

func (a *assignment) environment(own []found) Environment {
	env := Environment{Name: commonName(own), Rank: own[0].reading.rank}
	whole := map[string]bool{}
	for _, f := range own {
		if f.instance == "" {
			env.Sources = merge(env.Sources, f.source)
			whole[path.Dir(f.path)+f.group()] = true
		}
	}
	for _, f := range own {
		switch {
		case f.instance == "":
		case whole[path.Dir(f.path)+f.group()]:
			a.leave(f.path, env.Name+" as a whole has a source of the same kind beside it.")
		default:
			env.add(f)
		}
	}
	if len(env.Instances) == 1 {
		if name := env.Instances[0].Name; len(env.Sources) == 0 && !isRegion(name) && strings.IndexFunc(name, unicode.IsLetter) >= 0 && own[0].place.segs != nil {
			env.Name = env.Instances[0].Name
		}
		env.Sources = append(env.Sources, env.Instances[0].Sources...)
		env.Instances = nil
	}
	slices.SortFunc(env.Instances, func(x, y Instance) int { return strings.Compare(x.Name, y.Name) })
	return env
}

func (e *Environment) add(f found) {
	i := slices.IndexFunc(e.Instances, func(in Instance) bool { return in.Name == f.instance })
	if i < 0 {
		i = len(e.Instances)
		e.Instances = append(e.Instances, Instance{Name: f.instance})
	}
	e.Instances[i].Sources = merge(e.Instances[i].Sources, f.source)
}

// merge adds a source to others; values of one chart are one source.
func merge(all []Source, s Source) []Source {
	for i := range all {
		o := &all[i]
		if o.Collector != s.Collector || len(o.Keys) < 2 || len(s.Keys) < 2 || o.Keys[0].Text == "" || o.Keys[0].Text != s.Keys[0].Text {
			continue
		}
		if o.Keys[1].Name == "values" && s.Keys[1].Name == "values" {
			for _, v := range s.Keys[1].List {
				if !slices.Contains(o.Keys[1].List, v) {
					o.Keys[1].List = append(o.Keys[1].List, v)
				}
			}
			return all
		}
	}
	return append(all, s)
}

// commonName gives the spelling that most places have, the longest one where
// several do.
func commonName(own []found) string {
	count := map[string]int{}
	best := ""
	for _, f := range own {
		count[f.reading.as]++
	}
	for as, n := range count {
		if cmp.Or(cmp.Compare(n, count[best]), cmp.Compare(len(as), len(best)), strings.Compare(best, as)) > 0 {
			best = as
		}
	}
	return best
}
