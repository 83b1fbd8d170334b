package config

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// indicators checks what the schema cannot say of their targets.
func (c *checker) indicators() {
	for _, id := range slices.Sorted(maps.Keys(c.cfg.Indicators)) {
		if path := []string{"indicators", id, "mode"}; id != "M1" && !c.where.lacks(path...) {
			c.fault(c.where.at(path...), "leave it out", "only M1 has a mode")
		}
		c.margins(id)
		critical := c.cfg.Indicators[id].Critical
		if len(critical) > 0 && id != "M4" {
			c.fault(c.where.at("indicators", id, "critical"), "name services with criticality instead, or leave it out", "only M4 has critical components")
		}
		for i, p := range critical {
			if p == "" {
				c.fault(c.where.at("indicators", id, "critical", strconv.Itoa(i)), "write * for all components", "a pattern of critical components is empty")
			}
			c.pattern(p, "indicators", id, "critical", strconv.Itoa(i))
		}
	}
}

// margins checks that what says what is alike stands where something is
// measured.
func (c *checker) margins(id string) {
	for _, x := range []struct {
		key, of string
		value   float64
	}{
		{"margin", "M6 M7 M8", c.cfg.Indicators[id].Margin},
		{"floor", "M8", c.cfg.Indicators[id].Floor},
		{"quantile", "M7", c.cfg.Indicators[id].Quantile},
	} {
		path := []string{"indicators", id, x.key}
		switch {
		case c.where.lacks(path...):
		case !slices.Contains(strings.Fields(x.of), id):
			c.fault(c.where.at(path...), "leave it out", "only %s has a %s", strings.ReplaceAll(x.of, " ", ", "), x.key)
		case x.value <= 0 && c.where.isNumber(path...), x.key == "quantile" && x.value >= 1:
			c.fault(c.where.at(path...), "leave it out for what is usual", "a %s of %g is none", x.key, x.value)
		}
	}
}

func (c *checker) expectations() {
	names := make([]string, len(c.cfg.Expectations))
	for i, e := range c.cfg.Expectations {
		path := []string{"expectations", strconv.Itoa(i)}
		names[i] = e.Name
		c.matches(e.Match, path)
		c.columnList(e.Environments, append(path, "environments")...)
	}
	c.unique("expectation", names, "expectations")
}

func (c *checker) exceptions() {
	names := make([]string, len(c.cfg.Exceptions))
	for i, e := range c.cfg.Exceptions {
		path := []string{"exceptions", strconv.Itoa(i)}
		names[i] = e.Name
		if len(e.Match) == 0 && len(e.Fingerprints) == 0 {
			c.fault(c.where.at(path...), "add match or fingerprints", "an exception must say what it covers")
		}
		for j, m := range e.Match {
			if m.empty() {
				c.fault(c.where.at(append(path, "match", strconv.Itoa(j))...),
					`to cover everything, write kind: "*"`, "a match of an exception must name something")
			}
		}
		c.matches(e.Match, path)
		c.columnList(e.Environments, append(path, "environments")...)
	}
	c.unique("exception", names, "exceptions")
}

// allowances checks that each entry of gate.allow names the gaps that it
// accepts.
func (c *checker) allowances() {
	for i, a := range c.cfg.Gate.Allow {
		path := []string{"gate", "allow", strconv.Itoa(i), "gap"}
		for _, x := range [...]struct{ key, text string }{
			{"source", a.Gap.Source}, {"kind", a.Gap.Kind}, {"scope", a.Gap.Scope}, {"path", a.Gap.Path},
		} {
			c.pattern(x.text, append(slices.Clone(path), x.key)...)
		}
		names := func(key, pattern string) bool {
			unread := pattern == "" && !c.where.lacks(append(slices.Clone(path), key)...)
			return unread || !anything(pattern)
		}
		if !c.where.lacks(path...) && !names("source", a.Gap.Source) && !names("kind", a.Gap.Kind) {
			c.fault(c.where.at(path...), "add source or kind, such as source: \"production: terraform*\"",
				"an entry of gate.allow must say which gaps it accepts")
		}
	}
}

// anything reports whether a pattern is left out or consists of stars alone.
func anything(pattern string) bool { return strings.Trim(pattern, "*") == "" }

func (c *checker) matches(ms []Match, path []string) {
	for i, m := range ms {
		at := append(slices.Clone(path), "match", strconv.Itoa(i))
		c.match(m, at)
		c.service(m, append(at, "service"))
	}
}

// match checks one match by itself.
func (c *checker) match(m Match, path []string) {
	texts := m.texts()
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		c.pattern(texts[key], append(slices.Clone(path), key)...)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Labels)) {
		c.pattern(m.Labels[name], append(slices.Clone(path), "labels", name)...)
	}
}

// service checks a reference to a service, or that a pattern fits one.
func (c *checker) service(m Match, path []string) {
	if m.Service == "" {
		return
	}
	names := make([]string, len(c.cfg.Services))
	for i := range c.cfg.Services {
		names[i] = c.cfg.Services[i].Name
	}
	p, err := CompilePattern(m.Service)
	if err != nil || slices.ContainsFunc(names, p.Match) {
		return
	}
	if strings.ContainsAny(m.Service, "*?") {
		c.fault(c.where.at(path...), suggest("", "services", names), "no service fits this pattern")
		return
	}
	c.fault(c.where.at(path...), suggest(m.Service, "services", names), "there is no service %s", quote(m.Service))
}

// spellings checks align and bindings.
func (c *checker) spellings() {
	for i, a := range c.cfg.Align {
		path := []string{"align", strconv.Itoa(i), "names"}
		for _, name := range slices.Sorted(maps.Keys(a.Names)) {
			c.column(name, c.where.keyed(append(slices.Clone(path), name)...))
		}
		if len(a.Names) == 1 {
			c.fault(c.where.at(path...), "name it in each environment where it has another name", "one name alone aligns nothing")
		}
	}
	for i, b := range c.cfg.Bindings {
		for _, name := range slices.Sorted(maps.Keys(b.Spellings)) {
			c.column(name, c.where.keyed("bindings", strconv.Itoa(i), "spellings", name))
		}
	}
}

// patterns checks the patterns that are not in a match, and the version of
// Kubernetes.
func (c *checker) patterns() {
	for i, row := range c.cfg.Severities {
		c.pattern(row.Path, "severities", strconv.Itoa(i), "path")
		c.pattern(row.Kind, "severities", strconv.Itoa(i), "kind")
	}
	for i, p := range c.cfg.Secrets.Names {
		c.pattern(p, "secrets", "names", strconv.Itoa(i))
	}
	for i, p := range c.cfg.Secrets.Public {
		c.pattern(p, "secrets", "public", strconv.Itoa(i))
	}
	for i, s := range c.cfg.Secrets.Isolate {
		for key, text := range map[string]string{"kind": s.Kind, "scope": s.Scope, "name": s.Name, "path": s.Path} {
			c.pattern(text, "secrets", "isolate", strconv.Itoa(i), key)
		}
	}
	if v := c.cfg.Rules.Kubernetes; v != "" && !minorVersion(v) {
		c.fault(c.where.at("rules", "kubernetes"), `write major and minor, such as "1.34"`, "this is no minor version of Kubernetes")
	}
}

func minorVersion(s string) bool {
	major, minor, ok := strings.Cut(strings.TrimPrefix(s, "v"), ".")
	return ok && major == "1" && minor != "" && len(minor) <= 3 && strings.Trim(minor, "0123456789") == ""
}

func (c *checker) pattern(text string, path ...string) {
	if _, err := CompilePattern(text); err != nil {
		c.fault(c.where.at(path...), "", "%v", err)
	}
}
