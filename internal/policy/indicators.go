package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/value"
)

// concern says which indicators a fact speaks for.
type concern uint8

const (
	containerImage concern = 1 << iota // M1
	component                          // M4
	environmentVariable
	ofTelemetry // M3, M6, M7, M8
)

// gauge is one indicator of one column.
type gauge struct {
	numerator, denominator, unknown int
	evidence                        []string
	// byTag counts the images that no digest could be compared of.
	byTag int
	// missed and taken count the images that differ by what they are: those
	// that are not met, and those that mode promoted takes.
	missed, taken map[parity.ImageState]int
}

const evidenceKept = 20

func (g *gauge) miss(evidence func() string) {
	g.denominator++
	if n := g.denominator - g.numerator; n <= evidenceKept {
		g.evidence = append(g.evidence, evidence())
	}
}

// gauges measure the indicators while facts go by.
type gauges struct {
	artifacts, versions, variables []gauge // by column
	// others are the components that are not critical, where some are named.
	others   []gauge
	critical []config.Pattern
	// open are the variables of the current subject; late those of all
	// subjects that wait for the difference that they follow from; free are
	// for use again.
	open, late, free []*variable
	// list is where the last variable stood.
	list variableList

	telemetry     telemetry
	observability observability
	runbooks      runbooks
}

func newGauges(cfg *config.Config, columns int) (gauges, error) {
	g := gauges{artifacts: make([]gauge, columns), versions: make([]gauge, columns), variables: make([]gauge, columns), others: make([]gauge, columns)}
	g.telemetry, g.observability = newTelemetry(columns), newObservability(columns)
	for _, text := range cfg.Indicators["M4"].Critical {
		p, err := config.CompilePattern(text)
		if err != nil {
			return g, &parity.Error{Code: parity.CodeConfig, What: "a pattern of M4's critical components is not valid", Err: err}
		}
		g.critical = append(g.critical, p)
	}
	return g, nil
}

// speech is what a fact speaks of, for the indicators.
type speech struct {
	concern
	// container, name and effective are those of an environment variable.
	container, name string
	effective       bool
}

// speaks tells what a fact speaks of. It is asked of every fact. Only facts of
// the reference speak: what a column has besides is no part of what it should
// have.
func (g *Judge) speaks(j *parity.Joined) (sp speech) {
	f := j.Cells[g.ref].Fact
	if f == nil || f.Rules.Has(parity.History) {
		return sp
	}
	switch {
	case g.cur.kind.Telemetry:
		sp.concern = ofTelemetry
		return sp
	case g.cur.aligned.Key.Kind == parity.ImageSubject:
		if packaged(j) {
			sp.concern = component
		}
		return sp
	case f.Value.Kind == parity.Image:
		sp.concern = component
		if strings.HasSuffix(j.Path, "/image") {
			sp.concern |= containerImage
		}
	case f.Value.Kind == parity.Version && !strings.Contains(j.Path, "/metadata/labels/") && !ofTheBuild(j),
		j.Surface == parity.Dependency && strings.HasSuffix(j.Path, "ersion"):
		sp.concern = component
	}
	if sp.container, sp.name, sp.effective = g.gauges.list.variable(g.cur.kind.Variables, g.cur.aligned.Key.Name, j.Path); sp.name != "" {
		sp.concern |= environmentVariable
	}
	return sp
}

// ofTheBuild reports whether a version is that of what was built, of its source or
// of how it was built: no component of it.
func ofTheBuild(j *parity.Joined) bool {
	switch j.Surface {
	case parity.Delivery:
		return strings.HasSuffix(j.Path, "/source/commit") || strings.Contains(j.Path, "/parameters/") || strings.Contains(j.Path, "/materials[")
	case parity.Artifact:
		return strings.Contains(j.Path, "/artifacts[name=") || j.Path == "/version" && j.Subject.Key.Kind == "software"
	}
	return false
}

// isCritical reports whether a component is one that M4 is of.
func (g *Judge) isCritical(j *parity.Joined) bool {
	if len(g.gauges.critical) == 0 {
		return true
	}
	name := j.Path
	if i := strings.Index(name, "[purl="); i >= 0 {
		name, _, _ = strings.Cut(name[i+len("[purl="):], "]")
	} else if img, ok := value.ParseImage(j.Cells[g.ref].Fact.Value.Canonical()); ok && j.Cells[g.ref].Fact.Value.Kind == parity.Image {
		name = img.Registry + "/" + img.Repository
	}
	for _, p := range g.gauges.critical {
		if p.Match(name) {
			return true
		}
	}
	return false
}

// packaged reports whether a fact is a package of an image. It follows from the
// image, as all that the image holds, and is a component of its own.
func packaged(j *parity.Joined) bool {
	return j.Subject.Key.Kind == parity.ImageSubject && j.Surface == parity.Dependency && strings.Contains(j.Path, packages) &&
		strings.HasSuffix(j.Path, "]")
}

// packages is the list of an image's packages.
const packages = "/packages["

// measure counts a fact for the indicators in one column, by the class that it
// ended up in. v is its variable, if it speaks of one; image what its image is
// to the reference's, if two differ.
func (g *Judge) measure(j *parity.Joined, sp speech, v *variable, column int, class parity.Class, image *parity.ImageStanding) {
	if sp.concern&containerImage != 0 {
		g.measureImage(j, column, class, image)
	}
	if sp.concern&component != 0 && (j.Derived == nil || packaged(j)) {
		g.measureComponent(j, column, class)
	}
	if v != nil {
		v.add(column, sp.effective, class)
	}
	if sp.concern&ofTelemetry != 0 {
		g.measureTelemetry(j, column, class)
	}
}

// measureQuiet measures a fact that no policy was asked about.
func (g *Judge) measureQuiet(j *parity.Joined) {
	sp := g.speaks(j)
	if sp.concern == 0 {
		return
	}
	var v *variable
	if sp.concern&environmentVariable != 0 {
		v = g.variable(sp)
	}
	for _, c := range g.compared {
		g.measure(j, sp, v, c, j.Cells[c].Class, nil)
	}
}

// measureRuled measures a fact in the columns that rulings were made on.
func (g *Judge) measureRuled(j *parity.Joined) {
	sp := g.speaks(j)
	if sp.concern == 0 || j.Synthetic {
		return
	}
	var v *variable
	if sp.concern&environmentVariable != 0 {
		v = g.variable(sp)
	}
	for _, c := range g.compared {
		if r := &g.rulings[c]; r.live {
			g.measure(j, sp, v, c, r.class, r.image)
		}
	}
}

// measureImage counts one container of the reference: met where the digests
// are equal, or, where a side declares none, repository and tag. In mode
// promoted it is met too where the column had the reference's image before, or
// is ahead of it.
func (g *Judge) measureImage(j *parity.Joined, column int, class parity.Class, image *parity.ImageStanding) {
	m := &g.gauges.artifacts[column]
	have, want := j.Cells[column].Fact, j.Cells[g.ref].Fact
	switch {
	case class.LowersConfidence():
		m.unknown++
		return
	case have == nil && class == parity.Expected:
		return // it is not meant to be there
	case have == nil || want == nil:
		m.miss(func() string { return g.sentence(j, column) })
		return
	}
	a, okA := value.ParseImage(have.Value.Canonical())
	b, okB := value.ParseImage(want.Value.Canonical())
	byDigest := okA && okB && a.Digest != "" && b.Digest != ""
	met := quiet[class] || byDigest && a.Digest == b.Digest
	if !byDigest {
		m.byTag++
	}
	if !met && image != nil && g.cfg.Indicators["M1"].Mode == "promoted" && (image.Promoted || image.State == parity.ImagePending) {
		met = true
		m.taken = countState(m.taken, image)
	}
	if !met {
		m.missed = countState(m.missed, image)
		m.miss(func() string {
			if image == nil {
				return g.sentence(j, column)
			}
			return g.sentence(j, column) + "; " + standingNote(*image, g.names[column:column+1], g.names[g.ref])
		})
		return
	}
	m.numerator++
	m.denominator++
}

func countState(n map[parity.ImageState]int, image *parity.ImageStanding) map[parity.ImageState]int {
	if image == nil {
		return n
	}
	if n == nil {
		n = map[parity.ImageState]int{}
	}
	n[image.State]++
	return n
}

// stateCounts says how many images are what: "1 unpromoted, 2 pending".
func stateCounts(n map[parity.ImageState]int) string {
	var parts []string
	for _, s := range parity.ImageStates() {
		if n[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[s], s))
		}
	}
	return strings.Join(parts, ", ")
}

// measureComponent counts one component whose version the reference declares.
func (g *Judge) measureComponent(j *parity.Joined, column int, class parity.Class) {
	m := &g.gauges.versions[column]
	if !g.isCritical(j) {
		m = &g.gauges.others[column]
	}
	have, want := j.Cells[column].Fact, j.Cells[g.ref].Fact
	switch {
	case class.LowersConfidence():
		m.unknown++
		return
	case have == nil && class == parity.Expected:
		return
	case have == nil && packaged(j):
		// An image that is not there is one component, and of one without a
		// bill of materials nothing is known.
		if side := j.Subject.Sides[column]; side == nil {
			return
		} else if !slices.ContainsFunc(side.Facts, func(f parity.Fact) bool { return strings.Contains(f.Path, packages) }) {
			m.unknown++
			return
		}
	}
	met := quiet[class]
	if !met && have != nil && want != nil && want.Value.Kind == parity.Image {
		a, okA := value.ParseImage(have.Value.Canonical())
		b, okB := value.ParseImage(want.Value.Canonical())
		met = okA && okB && a.Tag != "" && a.Tag == b.Tag && (a.Digest == b.Digest || a.Digest == "" || b.Digest == "")
	}
	if !met {
		m.miss(func() string { return g.sentence(j, column) })
		return
	}
	m.numerator++
	m.denominator++
}

// sentence says what a column holds against the reference.
func (g *Judge) sentence(j *parity.Joined, column int) string {
	where := fmt.Sprintf("%s %s", g.cur.aligned.Key, j.Path)
	want, have := j.Cells[g.ref].Fact, j.Cells[column].Fact
	if want == nil {
		return where
	}
	if have == nil {
		return fmt.Sprintf("%s: missing in %s", where, g.names[column])
	}
	return fmt.Sprintf("%s: %s in %s, %s in %s", where, have.Value, g.names[column], want.Value, g.names[g.ref])
}

// indicators gives the values.
func (g *Judge) indicators(cov Coverage) []parity.Indicator {
	var out []parity.Indicator
	for _, c := range g.compared {
		artifacts := g.gauges.artifacts[c]
		artifacts.evidence = slices.Clip(artifacts.evidence)
		if text := stateCounts(artifacts.missed); len(artifacts.evidence) > 1 && text != "" {
			artifacts.evidence = append(artifacts.evidence, "of the images that differ: "+text)
		}
		if text := stateCounts(artifacts.taken); text != "" {
			artifacts.evidence = append(artifacts.evidence, "met by promotion, though they differ: "+text)
		}
		if artifacts.byTag > 0 && artifacts.denominator > 0 {
			artifacts.evidence = append(artifacts.evidence,
				fmt.Sprintf("%d of %s compared by repository and tag, as no digest is declared on both sides", artifacts.byTag, counted(artifacts.denominator, "image")))
		}
		versions := g.gauges.versions[c]
		if x := g.gauges.others[c]; x.denominator > 0 {
			versions.evidence = append(versions.evidence[:len(versions.evidence):len(versions.evidence)],
				fmt.Sprintf("besides, %d of %s that are not critical are at the same version", x.numerator, counted(x.denominator, "component")))
		}
		out = append(out,
			g.indicator("M1", "artifact match rate", c, artifacts),
			g.indicator("M4", "dependency version parity", c, versions),
			g.indicator("M5", "environment variable parity", c, g.gauges.variables[c]),
		)
		out = append(out, g.telemetryIndicators(c)...)
		if x, ok := g.observabilityIndicator(c, cov); ok {
			out = append(out, x)
		}
	}
	return out
}

func (g *Judge) indicator(id, name string, column int, m gauge) parity.Indicator {
	x := parity.Indicator{
		ID: id, Name: name, Column: g.names[column],
		Numerator: m.numerator, Denominator: m.denominator, Unknown: m.unknown, Evidence: m.evidence,
	}
	if more := m.denominator - m.numerator - evidenceKept; more > 0 {
		x.Evidence = append(x.Evidence[:len(x.Evidence):len(x.Evidence)], fmt.Sprintf("and %d more", more))
	}
	if t, ok := g.cfg.Indicators[id]; ok {
		target := t.Target / 100
		x.Target = &target
	}
	if m.denominator > 0 {
		v := float64(m.numerator) / float64(m.denominator)
		x.Value = &v
		if x.Target != nil {
			met := v >= *x.Target-1e-9
			x.Met = &met
		}
	}
	return x
}
