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

// variableList is a list or a map of variables, in a container or in the values
// of a chart. Facts come in the order of their paths, so that the next one
// mostly stands in the list of the last: this is asked of every fact.
type variableList struct {
	prefix    string // "/spec/containers[name=web]/env[" or "/spec/values/env/"
	container string
	effective bool
}

// variable takes a path apart that speaks of a variable. The name is empty for
// any other. every is set where each fact of the subject is a variable; the
// subject itself may be a map of variables by its name.
func (l *variableList) variable(every bool, subject, path string) (container, name string, effective bool) {
	if every {
		name, _, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
		return "", name, false
	}
	if name = variableName(strings.TrimPrefix(path, "/")); name != "" && ofVariables(subject) {
		return "", name, false
	}
	if (l.prefix == "" || !strings.HasPrefix(path, l.prefix)) && !l.find(path) {
		return "", "", false
	}
	if strings.HasSuffix(l.prefix, "/") {
		if name = variableName(path[len(l.prefix):]); name == "" {
			return "", "", false
		}
		return l.container, name, false
	}
	name, tail, ok := strings.Cut(path[len(l.prefix):], "]")
	if !ok || strings.HasSuffix(tail, "/shadowed") || strings.Trim(name, "0123456789") == "" {
		return "", "", false // the number of an item is no name
	}
	return l.container, strings.TrimPrefix(name, "name="), l.effective
}

// variableName returns the name of a variable that a path in a map of variables
// begins with: capitals, as nothing but variables are spelled. It is empty
// where the path begins with anything else.
func variableName(path string) string {
	end := 0
	for end < len(path) && path[end] != '/' && path[end] != '[' {
		if c := path[end]; c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9' || end == 0) {
			return ""
		}
		end++
	}
	return path[:end]
}

// find finds the list or map that a path goes into.
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
		size := strings.IndexAny(path[start+1:], "[/")
		if size < 0 {
			continue
		}
		end := start + 1 + size
		list := path[start+1 : end]
		if !ofVariables(list) || path[end] == '/' && variableName(path[end+1:]) == "" {
			continue
		}
		l.container, l.prefix, l.effective = path[:start], path[:end+1], list == "effectiveEnv"
		return true
	}
}

// ofVariables reports whether a field of the name holds variables: env,
// environment, extraEnvVars, env_vars and the like.
func ofVariables(field string) bool {
	switch field {
	case "env", "environment", "extraEnv", "effectiveEnv":
		return true
	}
	low := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(field, "-", ""), "_", ""))
	for _, end := range [...]string{"vars", "variables"} {
		if rest, ok := strings.CutSuffix(low, end); ok {
			low = rest
			break
		}
	}
	for _, begin := range [...]string{"", "extra", "additional", "common", "global", "container", "custom", "pod", "app", "secret", "plain"} {
		if rest, ok := strings.CutPrefix(low, begin); ok && (rest == "env" || rest == "envs" || rest == "environment") {
			return true
		}
	}
	return false
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
