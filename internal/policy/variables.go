package policy

import (
	"fmt"
	"strings"

	"github.com/envparity/parity"
)

// variable is one environment variable of one container. Several facts speak
// of it: how it is stated, and what it comes to. Where the latter is known, it
// alone decides.
type variable struct {
	subject         parity.Key
	container, name string
	// stated and effective are by column.
	stated, effective []standing
	late              bool
}

// standing is how a variable stands in one column, the worst of its facts.
type standing uint8

const (
	unseen standing = iota
	met
	untold
	missed
)

func standingOf(c parity.Class) standing {
	switch {
	case quiet[c] || c == parity.Expected:
		return met
	case c.LowersConfidence():
		return untold
	default:
		return missed
	}
}

// variableList is a list of variables in a container. Facts come in the order
// of their paths, so that the next one mostly stands in the list of the last:
// this is asked of every fact.
type variableList struct {
	prefix    string // "/spec/containers[name=web]/env["
	container string
	effective bool
}

// variable takes a path apart that speaks of a variable. The name is empty for
// any other. every is set where each fact of a subject is a variable.
func (l *variableList) variable(every bool, path string) (container, name string, effective bool) {
	if every {
		name, _, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
		return "", name, false
	}
	if (l.prefix == "" || !strings.HasPrefix(path, l.prefix)) && !l.find(path) {
		return "", "", false
	}
	name, tail, ok := strings.Cut(path[len(l.prefix):], "]")
	if !ok || strings.HasSuffix(tail, "/shadowed") || strings.Trim(name, "0123456789") == "" {
		return "", "", false // the number of an item is no name
	}
	return l.container, strings.TrimPrefix(name, "name="), l.effective
}

// find finds the list that a path goes into.
func (l *variableList) find(path string) bool {
	for from := 0; ; {
		i := strings.Index(path[from:], "nv")
		if i < 0 {
			return false
		}
		i += from
		from = i + 2
		start := strings.LastIndexByte(path[:i], '/')
		if start < 0 {
			continue
		}
		list, _, ok := strings.Cut(path[start+1:], "[")
		switch {
		case !ok:
			continue
		case list == "env" || list == "environment" || list == "extraEnv":
			l.effective = false
		case list == "effectiveEnv":
			l.effective = true
		default:
			continue
		}
		l.container, l.prefix = path[:start], path[:start+len(list)+2]
		return true
	}
}

// variable finds or opens the variable that a fact of the current subject
// speaks of.
func (g *Judge) variable(sp speech) *variable {
	open := g.gauges.open
	for i := len(open) - 1; i >= 0; i-- {
		if v := open[i]; v.name == sp.name && v.container == sp.container {
			return v
		}
	}
	var v *variable
	if n := len(g.gauges.free); n > 0 {
		v = g.gauges.free[n-1]
		g.gauges.free = g.gauges.free[:n-1]
		clear(v.stated)
		clear(v.effective)
	} else {
		v = &variable{stated: make([]standing, len(g.columns)), effective: make([]standing, len(g.columns))}
	}
	v.subject, v.container, v.name, v.late = g.cur.aligned.Key, sp.container, sp.name, false
	g.gauges.open = append(g.gauges.open, v)
	return v
}

// add adds what one fact says of the variable in a column.
func (v *variable) add(column int, effective bool, class parity.Class) {
	to := v.stated
	if effective {
		to = v.effective
	}
	to[column] = max(to[column], standingOf(class))
}

// closeVariables counts the variables of the subject that is left, except
// those that wait.
func (g *Judge) closeVariables() {
	for _, v := range g.gauges.open {
		if v.late {
			g.gauges.late = append(g.gauges.late, v)
			continue
		}
		g.countVariable(v)
		g.gauges.free = append(g.gauges.free, v)
	}
	g.gauges.open = g.gauges.open[:0]
}

func (g *Judge) countVariable(v *variable) {
	for _, c := range g.compared {
		m := &g.gauges.variables[c]
		s := v.effective[c]
		if s == unseen {
			s = v.stated[c]
		}
		switch s {
		case met:
			m.numerator++
			m.denominator++
		case untold:
			m.unknown++
		case missed:
			m.miss(func() string {
				where := v.subject.String()
				if v.container != "" {
					where += " " + v.container
				}
				return fmt.Sprintf("%s: %s is missing or differs in %s", where, v.name, g.names[c])
			})
		}
	}
}
