package policy

import (
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// environmentNames lists what an expression may name: the environments of
// parity.yaml and of the comparison, and their instances.
func environmentNames(cfg *config.Config, columns []parity.Column) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, e := range cfg.Environments {
		add(e.Name)
	}
	for _, c := range columns {
		add(c.Environment)
	}
	for _, e := range cfg.Environments {
		for _, in := range e.Instances {
			add(e.Name + "/" + in.Name)
		}
	}
	for _, c := range columns {
		add(c.String())
	}
	return names
}

// bind settles, for each compared column, which column each name means, and
// whether the expression speaks of the column.
func (e *expectation) bind(columns []parity.Column, ref int) {
	e.binds = make([]map[string]int, len(columns))
	for c := range columns {
		if c == ref {
			continue
		}
		names, speaks := map[string]int{}, len(e.expr.names) == 0
		for _, name := range e.expr.names {
			to := means(name, columns, c, ref)
			if to < 0 {
				e.idle = true
				return
			}
			names[name] = to
			speaks = speaks || to == c
		}
		e.columns[c] = e.columns[c] && speaks
		e.binds[c] = names
	}
}

// means gives the column that a name means while column c is compared, or -1.
func means(name string, columns []parity.Column, c, ref int) int {
	environment := columns[c].Environment
	switch {
	case name == columns[c].String() && name != environment:
		return c
	case name == columns[ref].Environment || name == columns[ref].String():
		return ref
	case name == environment:
		return c
	}
	for i := range columns {
		if columns[i].String() == name || columns[i].Environment == name {
			return i
		}
	}
	switch name {
	case comparedName:
		return c
	case referenceName:
		return ref
	}
	return -1
}
