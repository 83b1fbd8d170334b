package manifests

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/settings"
	"github.com/envparity/parity/internal/value"
)

// inflate renders a chart that a kustomization inflates and that is there.
func (s *session) inflate(k *kustomize, c types.HelmChart, home string) ([]byte, bool) {
	at, ok := within(k.dir, path.Join(home, c.Name))
	if !ok || !isFile(s.place.FS, path.Join(at, chartFile)) {
		return nil, false
	}
	rel := release{
		name: c.ReleaseName, namespace: c.Namespace, kubeVersion: c.KubeVersion, apiVersions: c.ApiVersions,
		skipCRDs: !c.IncludeCRDs, inflated: true,
	}
	if rel.namespace == "" {
		rel.namespace = k.spec.Namespace
	}
	files := c.AdditionalValuesFiles
	if c.ValuesFile != "" {
		files = append([]string{c.ValuesFile}, files...)
	}
	for _, f := range files {
		file, ok := within(k.dir, f)
		if !ok || !isFile(s.place.FS, file) {
			return nil, false
		}
		rel.files = append(rel.files, valuesFile{s.place, file})
	}
	switch c.ValuesMerge {
	case "replace":
		rel.files, rel.inline = nil, c.ValuesInline
	case "merge":
		rel.under = c.ValuesInline
	default:
		rel.inline = c.ValuesInline
	}
	before := s.stopped
	h, err := s.helm(at, rel)
	if err != nil {
		if s.stopped > before {
			_ = s.part(at, err)
		}
		return nil, false
	}
	s.out.Tool("helm", helmVersion)
	return h.joined(c.SkipHooks), true
}

// joined writes what the templates made as one stream of documents.
func (h *helmRun) joined(skipHooks bool) []byte {
	var b bytes.Buffer
	for _, t := range h.done.made {
		if path.Base(t.name) == "NOTES.txt" {
			continue
		}
		for _, text := range documentsOf([]byte(t.text)) {
			if h.wanted(text, skipHooks) {
				b.WriteString("---\n")
				b.WriteString(text)
				if !strings.HasSuffix(text, "\n") {
					b.WriteByte('\n')
				}
			}
		}
	}
	for _, crd := range h.done.crds {
		b.WriteString("---\n")
		b.WriteString(crd.text)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func (h *helmRun) wanted(text string, skipHooks bool) bool {
	ok := false
	err := doc.ParseYAML(strings.NewReader(text), h.s.limits(), func(n *doc.Node, _ int) error {
		hook := n.At("metadata", "annotations", "helm.sh/hook") != nil
		ok = isObject(n) && !isTestHook(n) && !(hook && skipHooks)
		return nil
	})
	return err == nil && ok
}

// chartSubject says what a kustomization says of a chart that is not there:
// its version and the values it is given.
func (s *session) chartSubject(l loss, origin *parity.Origin) (parity.Subject, []parity.Fact) {
	c := l.chart
	name := c.ReleaseName
	if name == "" {
		name = c.Name
	}
	subject := parity.Subject{Key: parity.Key{Kind: chartKind, Scope: c.Namespace, Name: name}, Format: chartFormat, Origin: origin, Line: l.line, Col: l.col}
	facts := chartFacts(c.Name, c.Repo, c.Version, origin, l.line, l.col)
	return subject, append(facts, s.givenValues(l)...)
}

// givenValues gives what a chart that is not there is given: its values files
// in order, and its inline values over them.
func (s *session) givenValues(l loss) []parity.Fact {
	var facts []parity.Fact
	for _, at := range l.values {
		err := s.documents(at, func(n *doc.Node, _ int) error {
			facts = over(facts, valueFacts(n, &parity.Origin{File: s.place.Display(at), Precision: parity.AtLine}))
			return s.ctx.Err()
		})
		if err != nil {
			g := s.brokenGap(s.place.Display(at), err)
			g.Kind, g.Path, g.Hides, g.Place = chartKind, "/values", parity.HidesAnything, ""
			s.out.Gap(g)
		}
	}
	if values := inline(l.chart.ValuesInline, s.limits()); values != nil {
		facts = over(facts, valueFacts(values, &parity.Origin{File: s.place.Display(l.file), Precision: parity.AtFile}))
	}
	return facts
}

// over puts the facts of b in the place of those of a at the same path.
func over(a, b []parity.Fact) []parity.Fact {
	at := make(map[string]bool, len(b))
	for i := range b {
		at[b[i].Path] = true
	}
	return append(slices.DeleteFunc(a, func(f parity.Fact) bool { return at[f.Path] }), b...)
}

// valueFacts flattens values of a chart.
func valueFacts(n *doc.Node, origin *parity.Origin) []parity.Fact {
	var facts []parity.Fact
	doc.Flatten(n, "/values", func(l doc.Leaf) {
		f := parity.Fact{Path: l.Path, Surface: settings.Surfaces().Of(settings.ValuesKind, l.Path), Origin: origin}
		if origin.Precision == parity.AtLine {
			f.Line, f.Col = l.Node.Line, l.Node.Col
		}
		switch l.Kind {
		case doc.Member:
			f.Value, f.Rules = parity.Value{Kind: parity.Set, Raw: l.Node.Text}, parity.SetOf(parity.SetOrder)
		case doc.Empty:
			f.Value, f.Rules = parity.Value{Kind: parity.Null}, parity.SetOf(parity.EmptyIsAbsent)
		default:
			f.Value, f.Rules = value.Of(l.Path, l.Node.Text, scalarOf(l.Node))
		}
		facts = append(facts, f)
	})
	return facts
}

func scalarOf(n *doc.Node) value.Scalar {
	switch n.Kind {
	case doc.Null:
		return value.NullScalar
	case doc.Bool:
		return value.BoolScalar
	case doc.Number:
		return value.NumberScalar
	default:
		return value.StringScalar
	}
}
