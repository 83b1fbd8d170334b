package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

//go:embed severity.yaml
var builtinSeverities []byte

// SeverityTable gives the built-in severity table as the text of a YAML list,
// for people to read and to copy rows from.
func SeverityTable() string { return string(builtinSeverities) }

// severities is the severity table made ready.
type severities struct {
	own, builtin []severityRow
	bySurface    [surfaces]*parity.Severity
}

type severityRow struct {
	config.SeverityRow
	name       string // "row 3 of severities in parity.yaml"
	surfaces   [surfaces]bool
	classes    [classes]bool
	kind, path config.Matcher
}

// severityCase is what a row is held against.
type severityCase struct {
	surface     parity.Surface
	class       parity.Class
	change      parity.Change
	image       parity.ImageState // empty where no two images differ
	criticality parity.Severity   // the service's
	kind        string
	path        string
	logical     string
}

func newSeverities(cfg *config.Config) (*severities, error) {
	t := &severities{}
	var builtin []config.SeverityRow
	if err := yaml.Unmarshal(builtinSeverities, &builtin); err != nil {
		return nil, &parity.Error{Code: parity.CodeInternal, What: "the built-in severity table cannot be read", Err: err}
	}
	for i, r := range builtin {
		row, err := newSeverityRow(r, fmt.Sprintf("row %d of the built-in table", i+1))
		if err != nil {
			return nil, &parity.Error{Code: parity.CodeInternal, What: "the built-in severity table is wrong", Err: err}
		}
		t.builtin = append(t.builtin, row)
	}
	for i, r := range cfg.Severities {
		row, err := newSeverityRow(r, fmt.Sprintf("row %d of severities in parity.yaml", i+1))
		if err != nil {
			where := position(cfg.Pos, "severities", strconv.Itoa(i))
			return nil, &parity.Error{Code: parity.CodeConfig, Where: where, What: "invalid severity row", Err: err}
		}
		t.own = append(t.own, row)
	}
	for s, c := range cfg.Surfaces {
		if int(s) < surfaces {
			t.bySurface[s] = c.Criticality
		}
	}
	return t, nil
}

func newSeverityRow(r config.SeverityRow, name string) (severityRow, error) {
	row := severityRow{SeverityRow: r, name: name}
	for i := range row.surfaces {
		row.surfaces[i] = len(r.Surface) == 0 || slices.Contains(r.Surface, parity.Surface(i))
	}
	for i := range row.classes {
		row.classes[i] = len(r.Class) == 0 || slices.Contains(r.Class, parity.Class(i))
	}
	var err error
	if row.kind, err = (config.Match{Kind: r.Kind}).Compile(); err != nil {
		return row, err
	}
	row.path, err = config.Match{Path: r.Path}.Compile()
	return row, err
}

func (r *severityRow) fits(c severityCase) bool {
	return r.surfaces[c.surface] && r.classes[c.class] &&
		(len(r.Change) == 0 || slices.Contains(r.Change, c.change)) &&
		(len(r.Image) == 0 || slices.Contains(r.Image, c.image)) &&
		(len(r.Criticality) == 0 || slices.Contains(r.Criticality, c.criticality)) &&
		(r.Kind == "" || r.kind.Subject(c.kind, "", "", nil, "")) &&
		(r.Path == "" || r.path.Fact(c.surface, c.path) || c.logical != c.path && r.path.Fact(c.surface, c.logical))
}

// source is what gave a severity: a row, or the criticality of a surface where
// row is nil and base is set.
type source struct {
	row  *severityRow
	base *parity.Severity
	// moves is set where the service's criticality has a say.
	moves bool
}

// find gives what decides a case.
func (t *severities) find(c severityCase) source {
	for i := range t.own {
		if r := &t.own[i]; r.fits(c) {
			return source{row: r}
		}
	}
	leak := c.class == parity.Leak
	if base := t.bySurface[c.surface]; base != nil && !leak {
		return source{base: base, moves: true}
	}
	for i := range t.builtin {
		if r := &t.builtin[i]; r.fits(c) {
			return source{row: r, moves: !leak}
		}
	}
	return source{}
}

// of gives the severity of a counting difference.
//
// A row of parity.yaml is taken as it is. What a built-in row or the surface's
// criticality gives is moved by the service's, except for leaks.
func (t *severities) of(c severityCase) (parity.Severity, source) {
	src := t.find(c)
	base := parity.Medium
	switch {
	case src.row != nil:
		base = src.row.Severity
	case src.base != nil:
		base = *src.base
	}
	switch {
	case !src.moves:
		return base, src
	case c.criticality == parity.Critical && base < parity.Critical:
		return base + 1, src
	case c.criticality <= parity.Low && base > parity.Info:
		return base - 1, src
	default:
		return base, src
	}
}

// whyKey is all of a case that a sentence on its severity depends on.
type whyKey struct {
	source      source
	surface     parity.Surface
	class       parity.Class
	change      parity.Change
	image       parity.ImageState
	criticality parity.Severity
	final       parity.Severity
}

// why gives one sentence on where a severity comes from. Cases that differ in
// nothing that it says share it: there are few sentences and many differences.
func (g *Judge) why(src source, c severityCase, final parity.Severity) string {
	key := whyKey{src, c.surface, c.class, c.change, c.image, c.criticality, final}
	text, ok := g.whys[key]
	if !ok {
		text = src.why(c, final)
		if g.whys == nil {
			g.whys = map[whyKey]string{}
		}
		g.whys[key] = text
	}
	return text
}

// why gives one sentence on where a severity comes from.
func (src source) why(c severityCase, final parity.Severity) string {
	var s string
	base := parity.Medium
	switch {
	case src.row != nil:
		base, s = src.row.Severity, src.row.sentence(c)
	case src.base != nil:
		base, s = *src.base, fmt.Sprintf("%s by the criticality of surface %s in parity.yaml", *src.base, c.surface)
	default:
		s = "medium, as no row of the severity table matches"
	}
	switch {
	case final > base:
		s += fmt.Sprintf("; one step up to %s for a critical service", final)
	case final < base:
		s += fmt.Sprintf("; one step down to %s for a service of %s criticality", final, c.criticality)
	}
	return s
}

// sentence names the row and what it matched.
func (r *severityRow) sentence(c severityCase) string {
	what := c.class.String()
	if c.change != "" {
		what = string(c.change) + " " + what
	}
	if len(r.Image) > 0 {
		what = string(c.image) + " image " + what
	}
	s := fmt.Sprintf("%s by %s: %s on surface %s", r.Severity, r.name, what, c.surface)
	if r.Path != "" {
		s += " at " + r.Path
	}
	if r.Why != "" {
		s += "; " + strings.TrimSuffix(r.Why, ".")
	}
	return s
}
