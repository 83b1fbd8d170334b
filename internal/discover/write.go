package discover

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// maxLines is how long a first parity.yaml may be, so that it is read.
const maxLines = 59

// styles are the ways to write sources, from the roomiest one to the one that
// takes the fewest lines.
type style struct {
	hints, patterns     bool
	lineSource, lineAll bool
	notes               int
}

func styles() []style {
	return []style{
		{hints: true, notes: 20},
		{notes: 20},
		{notes: 12, lineSource: true},
		{notes: 12, patterns: true},
		{notes: 12, patterns: true, lineSource: true},
		{notes: 6, patterns: true, lineAll: true},
		{notes: 3, patterns: true, lineAll: true},
	}
}

// YAML writes the plan as a first parity.yaml, with comments for what can be
// added, in the roomiest way that is not too long. schemaURL is where its JSON
// Schema is; empty leaves the line out.
func (p Plan) YAML(schemaURL string) []byte {
	var text string
	for _, s := range styles() {
		q := p
		if s.patterns && p.compact != nil {
			q.Environments = compacted(p.Environments, p.compact)
		}
		text = q.write(schemaURL, s)
		if strings.Count(text, "\n") <= maxLines {
			break
		}
	}
	return []byte(text)
}

func compacted(all []Environment, compact func([]Source) []Source) []Environment {
	out := make([]Environment, len(all))
	for i, e := range all {
		out[i] = e
		out[i].Sources = compact(e.Sources)
		out[i].Instances = make([]Instance, len(e.Instances))
		for j, in := range e.Instances {
			out[i].Instances[j] = Instance{Name: in.Name, Reference: in.Reference, Sources: compact(in.Sources)}
		}
	}
	return out
}

func (p Plan) write(schemaURL string, s style) string {
	w := &writer{style: s}
	if schemaURL != "" {
		w.line(0, "# yaml-language-server: $schema="+schemaURL)
	}
	w.line(0, "# What parity compares. parity check reads it; parity collectors tells what sources there are.")
	w.line(0, "version: 1")
	if p.Project != "" {
		w.line(0, "project: "+scalar(p.Project))
	}
	w.line(0, "")
	w.notes(p.Notes)
	w.line(0, "# In order towards production: all others are compared against the reference.")
	w.line(0, "environments:")
	for i, e := range p.Environments {
		w.environment(e, i == len(p.Environments)-1)
	}
	w.doubts(p.Doubts)
	if len(p.Presets) > 0 {
		w.line(0, "")
		w.line(0, "# How metrics of requests are read; without it all presets are tried.")
		w.line(0, "telemetry:")
		w.line(1, "presets: ["+strings.Join(p.Presets, ", ")+"]")
	}
	w.line(0, "")
	w.line(0, "# report-only never fails the command; block does.")
	w.line(0, "gate:")
	w.line(1, "mode: report-only")
	w.line(1, "failOn: medium")
	w.line(1, "# What must have been read before a verdict counts, once there are sources for all of it:")
	w.line(1, "# require: [artifact, identity, network, config, telemetry]")
	if n := len(p.Environments); n > 1 && s.hints {
		w.hints(p.Environments[n-2].Name, p.Environments[n-1].Name)
	}
	return w.text.String()
}

type writer struct {
	text  strings.Builder
	style style
}

func (w *writer) line(depth int, s string) {
	if s != "" {
		w.text.WriteString(strings.Repeat("  ", depth) + s)
	}
	w.text.WriteByte('\n')
}

// notes writes what was left out, as far as there is room.
func (w *writer) notes(all []string) {
	for i, n := range all {
		if i == w.style.notes {
			w.line(0, "# "+strconv.Itoa(len(all)-i)+" more were left out; parity init --force lists them.")
			return
		}
		w.line(0, "# "+strings.Map(printable, n))
	}
}

// doubts writes what may be an environment, commented out.
func (w *writer) doubts(all []Doubt) {
	for i, d := range all {
		if i == w.style.notes {
			w.line(1, "# "+strconv.Itoa(len(all)-i)+" more may be environments; parity init --force lists them.")
			return
		}
		w.line(1, "# "+strings.Map(printable, d.Question)+" If so, take off the # below.")
		w.line(1, "# - {name: "+scalar(d.Environment.Name)+", sources: ["+flowSources(d.Environment.Sources)+"]}")
	}
}

func (w *writer) environment(e Environment, reference bool) {
	w.line(1, "- name: "+scalar(e.Name))
	if reference {
		w.line(2, "reference: true")
	}
	if len(e.Sources) > 0 {
		if w.style.lineAll && len(e.Instances) == 0 {
			w.line(2, "sources: ["+flowSources(e.Sources)+"]")
		} else {
			w.line(2, "sources:")
			w.sources(3, e.Sources)
		}
	}
	if len(e.Instances) == 0 {
		return
	}
	w.line(2, "instances:")
	for _, in := range e.Instances {
		if w.style.lineAll {
			name := scalar(in.Name)
			if in.Reference {
				name += ", reference: true"
			}
			w.line(3, "- {name: "+name+", sources: ["+flowSources(in.Sources)+"]}")
			continue
		}
		w.line(3, "- name: "+scalar(in.Name))
		if in.Reference {
			w.line(4, "reference: true")
		}
		w.line(4, "sources:")
		w.sources(5, in.Sources)
	}
}

func (w *writer) sources(depth int, all []Source) {
	for _, s := range all {
		if w.style.lineSource || w.style.lineAll {
			w.line(depth, "- "+flowSources([]Source{s}))
			continue
		}
		w.line(depth, "- collector: "+s.Collector)
		for _, k := range s.Keys {
			if len(k.List) == 0 && k.Map == nil {
				w.line(depth+1, k.Name+": "+k.scalar())
				continue
			}
			w.line(depth+1, k.Name+":")
			for _, item := range k.List {
				w.line(depth+2, "- "+scalar(item))
			}
			for _, name := range slices.Sorted(maps.Keys(k.Map)) {
				w.line(depth+2, scalar(name)+": "+scalar(k.Map[name]))
			}
		}
	}
}

// scalar writes the value of a key on its own line.
func (k Key) scalar() string {
	var items []string
	switch {
	case k.Set:
		return "true"
	case k.Map != nil:
		for _, name := range slices.Sorted(maps.Keys(k.Map)) {
			items = append(items, scalar(name)+": "+scalar(k.Map[name]))
		}
		return "{" + strings.Join(items, ", ") + "}"
	case k.List != nil:
		for _, item := range k.List {
			items = append(items, scalar(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return scalar(k.Text)
}

// flowSources writes sources on one line.
func flowSources(all []Source) string {
	var out []string
	for _, s := range all {
		keys := []string{"collector: " + s.Collector}
		for _, k := range s.Keys {
			keys = append(keys, k.Name+": "+k.scalar())
		}
		out = append(out, "{"+strings.Join(keys, ", ")+"}")
	}
	return strings.Join(out, ", ")
}

// hints are keys to begin with, as comments. Without their # they are valid,
// and a test sees to it.
func (w *writer) hints(lower, reference string) {
	text := `
# Who owns what, and how bad a difference in it is: critical, high, medium, low or info.
#services:
#  - name: checkout
#    owner: team-payments
#    criticality: high

# How environments are meant to differ, for good.
#expectations:
#  - name: fewer-replicas
#    match: [{kind: Deployment, path: /spec/replicas}]
#    environments: [LOWER]
#    reason: LOWER carries less traffic than REFERENCE.

# Differences that are accepted for a while.
#exceptions:
#  - name: new-cache
#    match: [{kind: Deployment, name: cache}]
#    environments: [LOWER]
#    reason: Rolled out to LOWER first.
#    owner: team-platform
#    approver: head-of-platform
#    expires: 2099-12-31
`
	w.text.WriteString(strings.NewReplacer("LOWER", lower, "REFERENCE", reference).Replace(text))
}

// printable keeps a comment on its line.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '?'
}

var plainForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z_./][A-Za-z0-9_./@+-]*$`)
})

// reserved are texts that YAML takes for something else.
var reserved = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i:true|false|yes|no|on|off|y|n|null|\.nan|[-+]?\.inf)$|^\.[0-9]|^[.]+$`)
})

// scalar writes a text so that YAML reads the same text.
func scalar(s string) string {
	if plainForm().MatchString(s) && !reserved().MatchString(s) {
		return s
	}
	return quoted(s)
}

func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfeff || r == 0x2028 || r == 0x2029:
			b.WriteString(`\u` + strings.Repeat("0", 4-len(strconv.FormatInt(int64(r), 16))) + strconv.FormatInt(int64(r), 16))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
