package manifests

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/helmfile"
)

// remoteChart is a chart that is not here, and where it is named.
type remoteChart struct{ name, repository, version, file string }

// remoteRelease hands over what a release of a chart that is not here is given.
func (s *session) remoteRelease(rel release, c remoteChart) error {
	data, why := s.fetchedRelease(c)
	if data != nil {
		rel.archive = data
		return s.chart(c.file, rel)
	}
	values, _, err := s.values(rel)
	if err != nil {
		return err
	}
	unknown := sealed(values) || len(unknownPaths(values, "", nil)) > 0
	key := parity.Key{Kind: chartKind, Scope: rel.namespace, Name: cmp.Or(rel.name, path.Base(c.name))}
	origin := &parity.Origin{File: s.place.Display(c.file), Precision: parity.AtFile}
	l := s.locate(rel, layer{origin: origin})
	facts := chartFacts(c.name, c.repository, c.version, origin, 0, 0)
	s.out.Subject(parity.Subject{Key: key, Format: chartFormat, Origin: origin}, append(facts, s.knownFacts(l, values, key)...))
	g := s.objectsGap(origin.File, "the chart "+c.name+notHere(why)+": what it would add beyond the values that it is given is unknown", fetchHint)
	if c.name == "" {
		g.Reason, g.Hint = "no chart is named: what one would make of the values is unknown", "set path to the chart, if it is in the repository"
	}
	g.Scope, g.Given, g.Remote = parity.LiteralPattern(rel.namespace), key.String(), "chart "+strings.TrimPrefix(c.repository+"/"+c.name, "/")
	if (pinned(c.version) || c.name == "") && !unknown {
		g.Use = useOf(c, rel, values)
	}
	s.out.Gap(g)
	return s.ctx.Err()
}

// useOf is all that decides what a chart makes, as a digest.
func useOf(c remoteChart, rel release, values map[string]any) string {
	text, err := json.Marshal([]any{c.name, c.repository, c.version, rel.name, rel.namespace, rel.kubeVersion, rel.apiVersions, values})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// maxUnknown bounds how many gaps there are for values that are not known.
const maxUnknown = 50

// knownFacts are the values that are known. Each that is not is a gap.
func (s *session) knownFacts(l *located, values map[string]any, key parity.Key, keys ...string) []parity.Fact {
	paths := unknownPaths(values, "", nil)
	gap := parity.Gap{
		Kind: parity.LiteralPattern(key.Kind), Scope: parity.LiteralPattern(key.Scope), Name: parity.LiteralPattern(key.Name), Hides: parity.HidesParts,
		Reason: "the value depends on what is not known here, such as an environment variable",
	}
	gap.Where = l.all[0].origin.File
	for i, at := range paths {
		if gap.Path = "/values" + at; i == maxUnknown {
			gap.Path = "/values"
		}
		s.out.Gap(gap)
		if i == maxUnknown {
			break
		}
	}
	known, _ := withoutUnknown(values).(map[string]any)
	return l.facts(known, s.limits(), keys...)
}

// unknownPaths lists the paths of values that are not known.
func unknownPaths(v any, at string, out []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(v) {
			out = unknownPaths(v[k], at+"/"+k, out)
		}
	case []any:
		for _, x := range v {
			out = unknownPaths(x, at, out)
		}
	case string:
		if helmfile.Unknown(v) {
			out = append(out, at)
		}
	}
	return out
}

// withoutUnknown leaves out what is not known: of a list all of it.
func withoutUnknown(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			if list, ok := x.([]any); ok && len(unknownPaths(list, "", nil)) > 0 {
				continue
			}
			if s, ok := x.(string); !ok || !helmfile.Unknown(s) {
				out[k] = withoutUnknown(x)
			}
		}
		return out
	}
	return v
}
