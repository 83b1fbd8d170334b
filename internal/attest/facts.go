package attest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/sbom"
	"github.com/envparity/parity/internal/value"
)

// Facts gives the facts of an attestation below the prefix, those of its bill
// of materials excepted: what is stated, of which artifacts, and how they were
// built. subject is the key of whom they belong to.
//
// When and in which run a thing was built carries parity.Circumstances. What
// only repeats the commit follows from it.
func (a *Attestation) Facts(subject parity.Key, prefix string, origin *parity.Origin) []parity.Fact {
	w := &writer{a: a, subject: subject, prefix: prefix, origin: origin}
	w.text("/attestations[="+a.PredicateType+"]", parity.Value{Kind: parity.Set, Raw: a.PredicateType}, parity.SetOf(parity.SetOrder), parity.Delivery)
	signed := parity.Value{Kind: parity.Bool, Raw: strconv.FormatBool(a.Signatures > 0)}
	w.text("/attestations[="+a.PredicateType+"]/signed", signed, 0, parity.Delivery)
	for _, x := range a.Artifacts {
		w.artifact(x)
	}
	if a.Provenance != nil {
		w.provenance(a.Provenance)
	}
	return w.facts
}

// artifact writes the digest of an artifact. Further ones follow from it.
func (w *writer) artifact(x Artifact) {
	if len(x.Digests) == 0 {
		return
	}
	path, main := "/artifacts[name="+plainName(x.Name)+"]/digest", 0
	for i, d := range x.Digests {
		if d.Algorithm == "sha256" {
			main = i
		}
	}
	d := x.Digests[main]
	w.text(path, parity.Value{Kind: parity.Version, Raw: d.Algorithm + ":" + d.Value}, 0, parity.Artifact)
	for i, d := range x.Digests {
		if i != main {
			w.text(path+"/"+d.Algorithm, parity.Value{Kind: parity.Version, Raw: d.Value}, 0, parity.Artifact)
			w.facts[len(w.facts)-1].DerivedFrom = &parity.FactRef{Subject: w.subject, Path: w.prefix + path}
		}
	}
}

// Gap makes the gap of a fault. file names where it stands.
func (f Fault) Gap(file string) parity.Gap {
	at := &doc.Error{Line: f.Line, Col: f.Col}
	return parity.Gap{Reason: "an attestation cannot be read: " + f.What, Where: at.In(file)}
}

type writer struct {
	a       *Attestation
	subject parity.Key
	prefix  string
	origin  *parity.Origin
	commit  string
	facts   []parity.Fact
}

func (w *writer) provenance(p *Provenance) {
	const on = parity.Delivery
	w.plain("/builder/id", p.BuilderID)
	w.plain("/buildType", p.BuildType)
	w.plain("/source/repository", p.Source.Repository)
	w.plain("/source/ref", p.Source.Ref)
	w.plain("/source/path", p.Source.Path)
	if p.Source.Commit != "" {
		w.text("/source/commit", parity.Value{Kind: parity.Version, Raw: p.Source.Commit}, 0, on)
		w.commit = p.Source.Commit
	}
	for _, x := range []struct{ path, text string }{
		{"/run/id", p.InvocationID}, {"/run/startedOn", p.Started}, {"/run/finishedOn", p.Finished},
	} {
		if x.text != "" {
			w.text(x.path, parity.Value{Kind: parity.Text, Raw: x.text}, parity.SetOf(parity.Circumstances), on)
		}
	}
	for _, x := range p.Parameters {
		w.tree("/parameters/"+x.Name, x.Node, 0)
	}
	w.repeated(p)
	for _, m := range p.Materials {
		w.material(m, p.Source.Repository)
	}
}

// repeated marks parameters that say again what is said of the source, and
// BuildKit's second account of what the build was asked: they follow from the
// first.
func (w *writer) repeated(p *Provenance) {
	at := map[string]string{}
	for i := range w.facts {
		at[w.facts[i].Path] = w.facts[i].Value.Raw
	}
	for i := range w.facts {
		f := &w.facts[i]
		path := strings.TrimPrefix(f.Path, w.prefix)
		if f.DerivedFrom != nil || !strings.HasPrefix(path, "/parameters/") {
			continue
		}
		origin := ""
		switch first := strings.Replace(f.Path, "/root/request/", "/", 1); {
		case p.Source.Repository != "" && repository(f.Value.Raw) == p.Source.Repository:
			origin = w.prefix + "/source/repository"
		case strings.HasPrefix(p.Source.Ref, "refs/") && f.Value.Raw == p.Source.Ref:
			origin = w.prefix + "/source/ref"
		case p.Source.Path != "" && f.Value.Raw == p.Source.Path:
			origin = w.prefix + "/source/path"
		case first != f.Path && at[first] == f.Value.Raw:
			origin = first
		}
		if origin != "" {
			f.DerivedFrom = &parity.FactRef{Subject: w.subject, Path: origin}
		}
	}
}

func (w *writer) plain(path, text string) {
	if text == "" {
		return
	}
	v, rules := value.Of(path, text, value.StringScalar)
	w.text(path, v, rules, parity.Delivery)
}

// text adds a fact that stands where the attestation begins.
func (w *writer) text(path string, v parity.Value, rules parity.RuleSet, on parity.Surface) {
	w.fact(path, v, rules, on, w.a.Line, w.a.Col)
}

func (w *writer) fact(path string, v parity.Value, rules parity.RuleSet, on parity.Surface, line, col int32) {
	f := parity.Fact{Path: w.prefix + path, Value: v, Rules: rules, Surface: on, Origin: w.origin}
	if w.a.Packed {
		line, col = w.a.Line, w.a.Col
	}
	if w.origin != nil && w.origin.Precision == parity.AtLine {
		f.Line, f.Col = line, col
	}
	if w.commit != "" && v.Kind != parity.Secret && strings.HasSuffix(v.Raw, w.commit) {
		f.DerivedFrom = &parity.FactRef{Subject: w.subject, Path: w.prefix + "/source/commit"}
	}
	w.facts = append(w.facts, f)
}

// tree writes parameters, one fact for each value.
func (w *writer) tree(path string, n *doc.Node, rules parity.RuleSet) {
	switch n.Kind {
	case doc.Map:
		for i := range n.Fields {
			f := &n.Fields[i]
			if f.Key == "buildConfig" {
				continue // how the builder took the build apart: steps, no parameters
			}
			below := rules
			if ofTheRun(f.Key) {
				below = below.With(parity.Circumstances)
			}
			w.tree(path+"/"+f.Key, f.Value, below)
		}
		if len(n.Fields) == 0 {
			w.fact(path, parity.Value{Kind: parity.Text, Raw: "{}"}, rules.With(parity.EmptyIsAbsent), parity.Delivery, n.Line, n.Col)
		}
	case doc.List:
		for i, item := range n.Items {
			w.tree(fmt.Sprintf("%s[%d]", path, i), item, rules)
		}
		if len(n.Items) == 0 {
			w.fact(path, parity.Value{Kind: parity.Text, Raw: "[]"}, rules.With(parity.EmptyIsAbsent), parity.Delivery, n.Line, n.Col)
		}
	default:
		v, more := value.Of(path, n.Text, map[doc.Kind]value.Scalar{
			doc.Null: value.NullScalar, doc.Bool: value.BoolScalar, doc.Number: value.NumberScalar, doc.String: value.StringScalar,
		}[n.Kind])
		w.fact(path, v, rules|more, parity.Delivery, n.Line, n.Col)
	}
}

// ofTheRun reports whether a parameter is of the one run: its number, its time,
// the event that began it.
func ofTheRun(key string) bool {
	switch strings.TrimPrefix(strings.ToLower(key), "github_") {
	case "run_id", "run_number", "run_attempt", "event_payload", "run_started_at", "retention_days",
		"ci_job_id", "ci_job_started_at", "ci_job_url", "ci_pipeline_id", "ci_pipeline_iid", "ci_pipeline_url", "ci_pipeline_created_at",
		"ci_concurrent_id", "ci_concurrent_project_id", "build_id", "build_number", "buildinvocationid":
		return true
	}
	return false
}

// material writes what went into a build beside the source: a base image, an
// action. Its version and digest together are its version.
func (w *writer) material(m Material, source string) {
	uri, ref := splitRef(m.URI)
	on, path := parity.Dependency, "/materials[uri="+uri+"]"
	if uri == source {
		on = parity.Delivery
	}
	if p, ok := sbom.ParsePURL(m.URI); ok {
		path, ref = "/materials[purl="+p.Key()+"]", p.Version
	}
	if uri == "" {
		path, ref = "/materials[name="+m.Name+"]", ""
	}
	if len(m.Digests) > 0 {
		switch d := m.Digests[0]; {
		case d.Value == w.commit:
			ref = d.Value
		case ref == "" || strings.Contains(ref, d.Value):
			ref = d.Algorithm + ":" + d.Value
		default:
			ref += "@" + d.Algorithm + ":" + d.Value
		}
	}
	if ref != "" {
		w.fact(path, parity.Value{Kind: parity.Version, Raw: ref}, 0, on, m.Line, m.Col)
	}
}

// plainName is an artifact's name without what differs from one build to the
// next: a tag, a digest, the version of a package.
func plainName(name string) string {
	if p, ok := sbom.ParsePURL(name); ok {
		for _, q := range p.Qualifiers {
			if q.Name == "platform" {
				return p.Key() + "?platform=" + q.Value
			}
		}
		return p.Key()
	}
	if img, ok := value.ParseImage(name); ok && strings.ContainsAny(name, "/@") {
		return img.Repository
	}
	return WithoutVersion(name)
}

// Name gives what an attestation's artifact is called in all environments:
// its name without registry, tag, digest and version. Empty where there are several, or
// none.
func (a *Attestation) Name() string {
	if len(a.Artifacts) != 1 {
		return ""
	}
	name := a.Artifacts[0].Name
	if p, ok := sbom.ParsePURL(name); ok {
		if img, ok := value.ParseImage(p.Title()); ok && (p.Type == "docker" || p.Type == "oci") {
			return img.Repository
		}
		return p.Title()
	}
	return plainName(name)
}

// WithoutVersion takes a version out of a file's name: shop-1.4.0.tgz and
// shop_v1.4.0_linux become shop.tgz and shop_linux.
func WithoutVersion(name string) string {
	for i := 1; i < len(name); i++ {
		if name[i-1] != '-' && name[i-1] != '_' {
			continue
		}
		start := i
		if name[i] == 'v' {
			start++
		}
		end, dots := start, 0
		for end < len(name) && (name[end] >= '0' && name[end] <= '9' || name[end] == '.' && end > start && end+1 < len(name) && name[end+1] >= '0' && name[end+1] <= '9') {
			if name[end] == '.' {
				dots++
			}
			end++
		}
		if dots > 0 && (end == len(name) || strings.IndexByte("-_.+", name[end]) >= 0) {
			return name[:i-1] + name[end:]
		}
	}
	return name
}
