package html

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// group is one group of differences, ready to be shown.
type group struct {
	ID, Severity, Summary, Kind, Surface string
	Columns, Services                    string
	Places, Facts                        int
	Counts                               bool
	// Filter is what the filter box searches, in lower case.
	Filter string
	Parts  []part
}

// part is a block of a group.
type part struct {
	// Title says what differs; empty where the group has one block only.
	Title string
	// Alike is set where all members hold the same; then Sides are theirs.
	// Each is set where each has its own value in the one column that holds any.
	Alike, Each bool
	Sides       sides
	Members     []member
	// Subject, Path, Notes and Details are what all members say, and say only here.
	Subject, Path string
	Notes         []string
	Details       []detail
	// Paths is set where members have other paths, Owned where one has an owner.
	Paths, Owned bool
}

// Span is how many columns the table of members has.
func (p part) Span() int {
	n := 2
	for _, there := range []bool{p.Subject == "", p.Paths, p.Each, p.Owned} {
		if there {
			n++
		}
	}
	return n
}

type member struct {
	Fingerprint, Subject, Path, Place, Owner string
	Sides                                    sides
	Value                                    string // its own, where the group says Each
	Notes                                    []string
	Details                                  []detail
}

// sides are what each column holds. Sources says whether to show where.
type sides struct {
	Rows    []side
	Sources bool
}

type side struct {
	Column, Value, Source, Sign, Class string
	Odd                                string // how it stands apart
	Plain                              bool
	index                              int // of the first side that it stands for
}

type detail struct{ Name, Text string }

func groupsOf(groups []parity.Group) []group {
	out := make([]group, len(groups))
	for i := range groups {
		out[i] = groupOf(&groups[i])
	}
	return out
}

func groupOf(g *parity.Group) group {
	out := group{
		ID: view.GroupID(g), Severity: g.Severity.String(), Summary: view.Line(g.Summary),
		Kind: view.GroupKind(g), Surface: g.Surface.String(),
		Columns: view.Columns(g.Columns), Services: servicesOf(g),
		Places: len(g.Differences), Facts: g.Facts, Counts: g.Counts, Filter: filterOf(g),
	}
	if len(g.Blocks) < 2 {
		out.Parts = []part{partOf(g.Differences)}
		return out
	}
	for i := range g.Blocks {
		if members := g.MembersOf(i); len(members) > 0 {
			p := partOf(members)
			p.Title = view.Line(g.Blocks[i].Title())
			out.Parts = append(out.Parts, p)
		}
	}
	return out
}

func partOf(ds []parity.Difference) part {
	var out part
	each, alike := view.Alike(ds)
	out.Alike, out.Each = alike, each >= 0
	for i := range ds {
		m := memberOf(&ds[i], !alike)
		if each >= 0 {
			m.Value = view.Holds(&ds[i], ds[i].Sides[each]).Text
		}
		out.Owned = out.Owned || m.Owner != ""
		out.Members = append(out.Members, m)
	}
	if alike {
		out.Sides = sidesOf(&ds[0], false)
		for i := range out.Sides.Rows {
			if row := &out.Sides.Rows[i]; each >= 0 && row.index == each {
				row.Value, row.Plain = view.OneEach, false
			}
		}
	}
	out.takeCommon(view.SameSubject(ds))
	return out
}

// takeCommon takes what all of several members say out of them, to say it once.
func (p *part) takeCommon(sameSubject bool) {
	if len(p.Members) < 2 {
		return
	}
	first := &p.Members[0]
	if p.Alike { // then their notes are the same
		p.Notes = first.Notes
		for i := range p.Members {
			p.Members[i].Notes = nil
		}
	}
	if p.Alike && sameSubject {
		p.Subject = first.Subject
	}
	for _, m := range p.Members {
		p.Paths = p.Paths || m.Path != first.Path
	}
	if p.Alike && !p.Paths {
		p.Path = first.Path
	}
	for _, d := range slices.Clone(first.Details) {
		all := true
		for _, m := range p.Members {
			all = all && slices.Contains(m.Details, d)
		}
		if !all {
			continue
		}
		p.Details = append(p.Details, d)
		for i := range p.Members {
			at := slices.Index(p.Members[i].Details, d)
			p.Members[i].Details = slices.Delete(p.Members[i].Details, at, at+1)
		}
	}
}

// filterOf is what the filter box searches: words, and pairs such as
// "in:staging surface:network".
func filterOf(g *parity.Group) string {
	words := []string{
		view.GroupID(g), view.Line(g.Summary), view.Line(strings.Join(g.Services, " ")),
		"severity:" + g.Severity.String(), "class:" + g.Class.String(),
	}
	if g.Change != "" {
		words = append(words, "change:"+view.Line(string(g.Change)))
	}
	seen := map[string]bool{}
	for i := range g.Differences {
		d := &g.Differences[i]
		words = append(words, view.Title(d), view.Line(d.Fingerprint))
		for _, c := range d.Columns {
			seen["in:"+view.Line(c)+" surface:"+d.Surface.String()] = true
		}
		if d.Subject.Owner != "" {
			seen["owner:"+view.Line(d.Subject.Owner)] = true
		}
	}
	return strings.ToLower(strings.Join(append(words, sorted(seen)...), " "))
}

func memberOf(d *parity.Difference, withSides bool) member {
	m := member{
		Fingerprint: view.Line(d.Fingerprint), Subject: view.SubjectName(d.Subject), Path: view.Line(d.Path),
		Place: view.Place(d), Owner: view.Line(d.Subject.Owner), Notes: view.Notes(d), Details: detailsOf(d),
	}
	if withSides {
		m.Sides = sidesOf(d, true)
	}
	return m
}

func sidesOf(d *parity.Difference, sources bool) sides {
	groups := view.SideGroups(d)
	out := make([]side, len(groups))
	for i, g := range groups {
		s := d.Sides[g.Index]
		held := view.Holds(d, s)
		out[i] = side{Column: g.Name, Value: held.Text, Plain: held.Plain, Class: "same", index: g.Index}
		if g.Sides == 1 {
			out[i].Source = view.SourceOf(s)
			out[i].Odd = view.Apart(d, s)
		}
		switch {
		case view.Differs(s):
			out[i].Sign, out[i].Class = "≠", "differs"
		case s.Class.LowersConfidence():
			out[i].Sign, out[i].Class = "?", "unsure"
		}
	}
	return sides{out, sources}
}

// servicesOf names a few services, and how many others there are.
func servicesOf(g *parity.Group) string {
	const few = 4
	if n := len(g.Services); n > few {
		return view.Line(strings.Join(g.Services[:few], ", ")) + " and " + view.Int(n-few) + " more services"
	}
	return view.Line(strings.Join(g.Services, ", "))
}

// detailsOf is what explains a difference beside its sides.
func detailsOf(d *parity.Difference) []detail {
	var out []detail
	add := func(name, text string) {
		if text != "" {
			out = append(out, detail{name, text})
		}
	}
	add("Severity", view.Line(d.Why))
	if a := d.Subject.Alignment; len(a.Names) > 0 || len(a.Why) > 0 {
		text := view.Line(a.Method) + ", " + view.Percent(a.Confidence) + " sure"
		if len(a.Why) > 0 {
			text += ": " + view.Line(strings.Join(a.Why, ", "))
		}
		for _, column := range sorted(a.Names) {
			text += " · " + view.Line(column) + "=" + view.Line(a.Names[column])
		}
		add("Paired by", text)
	}
	var rules []string
	for _, rule := range d.Rules {
		rules = append(rules, rule.String())
	}
	add("Rules", strings.Join(rules, ", "))
	add("Bindings", view.Line(strings.Join(d.Bindings, ", ")))
	var explains []string
	for _, ref := range d.Explains {
		explains = append(explains, view.Line(ref.Subject.String())+" "+view.Line(ref.Path))
	}
	add("Explains", view.Cut(strings.Join(explains, ", "), 2000))
	return out
}
