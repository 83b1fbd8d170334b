package sbom

import (
	"strings"
)

const mavenType = "maven"

// mavenTree reads what mvn dependency:tree and dependency:list write, to the
// terminal or to a file.
func (l *list) mavenTree(data []byte) error {
	roots := 0
	err := l.lines(data, func(line int32, text string) {
		text = strings.TrimPrefix(text, "[INFO]")
		trimmed := strings.TrimLeft(text, " +-|\\")
		trimmed, _, _ = strings.Cut(trimmed, " -- ")
		optional := strings.Contains(trimmed, "(optional)")
		trimmed = strings.TrimSpace(strings.Replace(trimmed, "(optional)", "", 1))
		trimmed, _, _ = strings.Cut(strings.Trim(trimmed, "()"), " ")
		c, scope, ok := mavenCoordinates(trimmed)
		switch {
		case !ok:
			return
		case scope == "":
			roots++
			l.Root = c
			l.Root.Line, l.Root.Col = line, 1
			return
		}
		c.Line, c.Col, c.Scope = line, 1, mavenScope(scope)
		if optional && c.Scope == Runtime {
			c.Scope = Optional
		}
		l.add(c)
	}, nil)
	if roots > 1 {
		l.Root = Component{}
	}
	if len(l.Components) == 0 && roots == 0 && err == nil {
		l.fault(0, 0, "no line of the form group:artifact:type:version:scope was found", "")
	}
	return err
}

// mavenCoordinates reads group:artifact:type:version, which is a project, or
// group:artifact:type[:classifier]:version:scope.
func mavenCoordinates(s string) (c Component, scope string, ok bool) {
	parts := strings.Split(s, ":")
	for _, p := range parts {
		if p == "" || strings.ContainsAny(p, " /\\[]{}\"'") {
			return c, "", false
		}
	}
	var classifier, version string
	switch len(parts) {
	case 4:
		version = parts[3]
	case 5:
		version, scope = parts[3], parts[4]
	case 6:
		classifier, version, scope = parts[3], parts[4], parts[5]
	default:
		return c, "", false
	}
	if scope != "" && mavenScope(scope) == Unscoped || !strings.Contains(parts[0]+parts[1], ".") && scope == "" && !strings.ContainsAny(version, "0123456789") {
		return c, "", false
	}
	c.PURL = mavenPURL(parts[0], parts[1], version, parts[2], classifier)
	return c, scope, true
}

// mavenRoot reports whether a text begins as a tree in a file does.
func mavenRoot(text []byte) bool {
	first, _, _ := strings.Cut(string(text), "\n")
	_, scope, ok := mavenCoordinates(strings.TrimSpace(first))
	return ok && scope == ""
}

func mavenPURL(group, artifact, version, packaging, classifier string) PURL {
	p := newPURL(mavenType, group, artifact, version)
	if classifier != "" {
		p.Qualifiers = append(p.Qualifiers, Qualifier{"classifier", classifier})
	}
	if packaging != "" && packaging != "jar" {
		p.Qualifiers = append(p.Qualifiers, Qualifier{"type", packaging})
	}
	return p
}

func mavenScope(s string) Scope {
	switch s {
	case "compile", "runtime", "provided", "system", "import":
		return Runtime
	case "test":
		return Development
	}
	return Unscoped
}

// gradle reads gradle.lockfile: group:artifact:version=configuration,...
func (l *list) gradle(data []byte) error {
	return l.lines(data, func(line int32, text string) {
		text = strings.TrimSpace(text)
		what, configurations, ok := strings.Cut(text, "=")
		parts := strings.Split(what, ":")
		switch {
		case text == "" || text[0] == '#' || what == "empty":
		case !ok || len(parts) != 3:
			l.fault(line, 1, "the line is not of the form group:artifact:version=configurations", "")
		default:
			l.add(Component{PURL: newPURL(mavenType, parts[0], parts[1], parts[2]), Scope: gradleScope(configurations), Line: line, Col: 1})
		}
	}, nil)
}

func gradleScope(configurations string) Scope {
	test := true
	for c := range strings.SplitSeq(configurations, ",") {
		c = strings.ToLower(c)
		isTest := strings.HasPrefix(c, "test") || strings.HasPrefix(c, "androidtest")
		test = test && isTest
		if !isTest && strings.HasSuffix(c, "runtimeclasspath") {
			return Runtime
		}
	}
	if test {
		return Development
	}
	return Unscoped
}
