package sbom

import (
	"fmt"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// Path gives where the fact of a package stands: its version, whatever it is.
func Path(prefix, key string) string { return prefix + "/packages[purl=" + key + "]" }

// Facts gives the facts of a list's packages: one for each, its version, at
// "/packages[purl=pkg:npm/lodash]" below the prefix.
//
// Where a list holds several versions of one package, the highest is the
// package's, and each line of lower ones (1, 2, or 0.3) has a fact of its own
// at "/line[=1]" below it; what a line holds besides its highest are members
// at "[=1.2.3]". So one that is behind is one change, and one that is there
// besides is one extra.
//
// Licences, scope, digests and qualifiers follow from the version: they
// explain and do not count. What is of the document (its form, number, time and
// tools) carries parity.Circumstances. subject is the key of whom they belong to.
func (d *Document) Facts(subject parity.Key, prefix string, origin *parity.Origin) []parity.Fact {
	w := writer{subject: subject, prefix: prefix, origin: origin, facts: make([]parity.Fact, 0, 3*len(d.Components))}
	w.document(d)
	for i := 0; i < len(d.Components); {
		end := i + 1
		for end < len(d.Components) && d.Components[end].Key() == d.Components[i].Key() {
			end++
		}
		w.pack(d.Components[i:end])
		i = end
	}
	return w.facts
}

// Gaps gives what could not be read of a list. file names it.
func (d *Document) Gaps(subject parity.Key, prefix, file string) []parity.Gap {
	gaps := make([]parity.Gap, 0, len(d.Faults))
	for _, f := range d.Faults {
		at := &doc.Error{Line: f.Line, Col: f.Col}
		g := parity.Gap{
			Kind: parity.LiteralPattern(subject.Kind), Scope: parity.LiteralPattern(subject.Scope), Name: parity.LiteralPattern(subject.Name),
			Path: prefix + "/packages", Reason: "a part of the list of components cannot be read: " + f.What, Where: at.In(file),
		}
		if f.Key != "" {
			g.Path = Path(prefix, f.Key)
		}
		gaps = append(gaps, g)
	}
	return gaps
}

type writer struct {
	subject parity.Key
	prefix  string
	origin  *parity.Origin
	facts   []parity.Fact
}

// document writes what is of the document and not of what it lists.
func (w *writer) document(d *Document) {
	if d.Root.PURL.Version != "" {
		w.fact(w.prefix+"/version", parity.Value{Kind: parity.Version, Raw: d.Root.PURL.Version}, 0, &d.Root, nil)
		w.facts[len(w.facts)-1].Surface = parity.Artifact
	}
	for _, x := range []struct{ name, text string }{
		{"format", strings.TrimSpace(string(d.Format) + " " + d.Version)}, {"serial", d.Serial}, {"created", d.Created}, {"tools", strings.Join(d.Tools, ", ")},
	} {
		if x.text != "" {
			w.fact(w.prefix+"/document/"+x.name, parity.Value{Kind: parity.Text, Raw: x.text}, parity.SetOf(parity.Circumstances), &Component{}, nil)
		}
	}
}

// pack writes the versions of one package, which are sorted.
func (w *writer) pack(versions []Component) {
	top := len(versions) - 1
	path := Path(w.prefix, versions[top].Key())
	w.version(path, &versions[top])
	last, at := "", ""
	for i := top - 1; i >= 0; i-- {
		c := &versions[i]
		if line := lineOf(c.PURL.Version); at == "" || line != last {
			last, at = line, fmt.Sprintf("%s/line[=%s]", path, line)
			w.version(at, c)
			continue
		}
		canon, _ := canonical(c.PURL.Version)
		w.version(fmt.Sprintf("%s[=%s]", at, canon), c)
	}
}

// lineOf is the part of a version within which changes are meant to be
// compatible: its first number, or two where that is 0.
func lineOf(version string) string {
	first, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if first != "0" {
		return first
	}
	second, _, _ := strings.Cut(rest, ".")
	return first + "." + second
}

func canonical(version string) (canon string, other bool) {
	canon, ok := value.Version(version)
	if !ok {
		return version, false
	}
	return canon, canon != version
}

// version writes the fact of a package at one version, and what follows.
func (w *writer) version(path string, c *Component) {
	v := parity.Value{Kind: parity.Version, Raw: c.PURL.Version}
	var rules parity.RuleSet
	if canon, other := canonical(c.PURL.Version); other {
		v.Canon, rules = canon, parity.SetOf(parity.VersionForm)
	}
	w.fact(path, v, rules, c, nil)
	from := &parity.FactRef{Subject: w.subject, Path: path}
	for _, x := range c.Licenses {
		w.fact(path+"/licenses[="+x+"]", parity.Value{Kind: parity.Set, Raw: x}, parity.SetOf(parity.SetOrder), c, from)
	}
	if c.Scope != Unscoped {
		w.fact(path+"/scope", parity.Value{Kind: parity.Text, Raw: string(c.Scope)}, 0, c, from)
	}
	for _, h := range c.Hashes {
		w.fact(path+"/hashes[algorithm="+h.Algorithm+"]", parity.Value{Kind: parity.Text, Raw: h.Value}, 0, c, from)
	}
	for _, q := range c.PURL.Qualifiers {
		if !c.PURL.identifies(q) && descriptive[q.Name] {
			w.fact(path+"/"+q.Name, parity.Value{Kind: parity.Text, Raw: q.Value}, 0, c, from)
		}
	}
}

// descriptive are the qualifiers that say something of the package itself.
// Others say where it was fetched from, which may hold credentials.
var descriptive = map[string]bool{"arch": true, "distro": true, "epoch": true, "platform": true, "goos": true, "goarch": true}

func (w *writer) fact(path string, v parity.Value, rules parity.RuleSet, c *Component, from *parity.FactRef) {
	f := parity.Fact{Path: path, Value: v, Rules: rules, Surface: parity.Dependency, Origin: w.origin, DerivedFrom: from}
	if w.origin != nil && w.origin.Precision == parity.AtLine {
		f.Line, f.Col = c.Line, c.Col
	}
	w.facts = append(w.facts, f)
}
