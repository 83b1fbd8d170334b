package manifests

import (
	"regexp"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
)

var (
	documentMark  = regexp.MustCompile(`(?m)^---.*$`)
	statedKind    = regexp.MustCompile(`(?m)^kind:[ \t]*([A-Z][A-Za-z0-9]*)[ \t]*\r?$`)
	anyKind       = regexp.MustCompile(`(?m)^kind:`)
	anyAction     = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	controlAction = regexp.MustCompile(`^\{\{-?\s*(/\*|if\b|else\b|end\b|range\b|with\b|\$[\w]*(\s*,\s*\$\w+)?\s*:?=)`)
	ownLineAction = regexp.MustCompile(`(?m)^\{\{[^\n]*\}\}[ \t]*\r?$`)
	freeAction    = regexp.MustCompile(`\btpl\b|indent 0\b|\bfromYaml|\bFiles\b`)
	calledName    = regexp.MustCompile(`\b(?:include|template)\s+(\S+)`)
	comment       = regexp.MustCompile(`(?m)^[ \t]*#.*$`)
)

// templateKinds returns the kinds of the objects that a template can make, nil
// where its text does not say all of them.
func templateKinds(root *chart.Chart, text string) []string {
	for _, action := range anyAction.FindAllString(text, -1) {
		if freeAction.MatchString(action) || !plainCalls(root, action) {
			return nil
		}
	}
	for _, line := range ownLineAction.FindAllString(text, -1) {
		if !controlAction.MatchString(line) {
			return nil // it may write whole objects
		}
	}
	var kinds []string
	for _, document := range documentMark.Split(text, -1) {
		stated := statedKind.FindAllStringSubmatch(document, -1)
		if len(stated) == 0 {
			if rest := comment.ReplaceAllString(anyAction.ReplaceAllString(document, ""), ""); strings.TrimSpace(rest) != "" {
				return nil
			}
			continue
		}
		if len(anyKind.FindAllString(document, -1)) != len(stated) {
			return nil
		}
		for _, kind := range stated {
			if !slices.Contains(kinds, kind[1]) {
				kinds = append(kinds, kind[1])
			}
		}
	}
	return kinds
}

// plainCalls reports whether all that an action includes is defined in the chart
// and writes no object of its own.
func plainCalls(root *chart.Chart, action string) bool {
	for _, called := range calledName.FindAllStringSubmatch(action, -1) {
		name := strings.TrimRight(called[1], ")")
		if len(name) < 3 || name[0] != '"' || name[len(name)-1] != '"' {
			return false
		}
		defined := false
		for _, t := range templates(root) {
			text := string(t.Data)
			if !strings.Contains(text, name) || !definesTemplates.MatchString(text) {
				continue
			}
			defined = defined || strings.Contains(text, "define "+name)
			if documentMark.MatchString(text) || anyKind.MatchString(text) || freeAction.MatchString(text) {
				return false
			}
		}
		if !defined {
			return false
		}
	}
	return true
}
