package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/kube"
	"k8s.io/apimachinery/pkg/runtime"
	"pgregory.net/rapid"
)

// TestTableIsCurrent holds the committed table against what the generator
// writes for the newest version: the same rows but for the bounds, and those
// that ended with an older version.
func TestTableIsCurrent(t *testing.T) {
	var b bytes.Buffer
	if err := run(&b, io.Discard); err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("../../../internal/kube/defaults.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(string(committed)) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(parts) == 6 && !strings.HasPrefix(line, "#") {
			if parts[5] != "" {
				continue
			}
			parts = parts[:4]
		}
		rows = append(rows, strings.Join(parts, "\t")+"\n")
	}
	if strings.Join(rows, "") != b.String() {
		t.Error("internal/kube/defaults.tsv is not what the generator writes; run go generate in internal/kube")
	}
}

// place of a value in its document.
type spot struct{ line, col int32 }

// facts reads one object as the reader does.
func facts(t *rapid.T, text []byte) (map[string]parity.Fact, *doc.Node) {
	n, err := doc.ParseJSON(text, doc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	r := kube.NewReader(kube.Options{})
	r.Add(n, &parity.Origin{Precision: parity.AtLine})
	all := map[string]parity.Fact{}
	r.Finish(func(_ parity.Subject, fs []parity.Fact) {
		for _, f := range fs {
			all[f.Path] = f
		}
	})
	for _, g := range r.Gaps() {
		if g.Path == "" {
			t.Fatalf("gap: %v", g)
		}
	}
	return all, n
}

const absentEquals = 1<<parity.DefaultValue | 1<<parity.EmptyIsAbsent | 1<<parity.Allocated | 1<<parity.ServerMetadata

// TestDefaultersAddOnlyDefaults: what Kubernetes fills into a random object
// carries a rule that makes it the same as its absence; and what carries the
// rule comes back when it is taken out.
func TestDefaultersAddOnlyDefaults(t *testing.T) {
	s, err := newScheme()
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range roots(s) {
		gvks, _, err := s.ObjectKinds(reflect.New(root).Interface().(runtime.Object))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(gvks[0].Kind, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				f := filler{r: rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))}
				obj := reflect.New(root)
				f.fill(obj.Elem(), "")
				given := encode(t, obj.Interface(), gvks[0].GroupVersion().String(), gvks[0].Kind)
				full := defaulted(t, s, root, given)
				before, _ := facts(t, given)
				after, tree := facts(t, full)
				for path, fact := range after {
					if old, ok := before[path]; ok && old.Value.Canonical() == fact.Value.Canonical() {
						continue
					}
					if fact.Rules&absentEquals == 0 && !structureDefault(gvks[0].Kind, path) {
						t.Fatalf("%s = %q is filled in and carries %v\ngiven %s", path, fact.Value.Raw, fact.Rules, given)
					}
				}
				comesBack(t, s, root, gvks[0].Kind, after, tree)
			})
		})
	}
}

// comesBack takes every default out of a complete object and has it filled in
// again.
func comesBack(t *rapid.T, s *runtime.Scheme, root reflect.Type, kind string, after map[string]parity.Fact, tree *doc.Node) {
	out := map[spot]bool{}
	for path, f := range after {
		if f.Rules.Has(parity.DefaultValue) && !effectiveOnly(kind, path) {
			out[spot{f.Line, f.Col}] = true
		}
	}
	bare := appendWithout(nil, tree, out)
	again, _ := facts(t, defaulted(t, s, root, bare))
	for path, f := range after {
		if got, ok := again[path]; !ok && f.Rules&absentEquals == 0 || ok && got.Value.Canonical() != f.Value.Canonical() || !ok && out[spot{f.Line, f.Col}] && !zero(f) {
			t.Fatalf("%s = %q counts as a default and comes back as %q\nwithout defaults %s", path, f.Value.Raw, got.Value.Raw, bare)
		}
	}
}

func zero(f parity.Fact) bool {
	return f.Value.Raw == "" || f.Value.Raw == "0" || f.Value.Raw == "false"
}

// structureDefault names what is filled in as a whole and is compared by more
// than its leaves.
func structureDefault(kind, path string) bool {
	return strings.HasSuffix(path, "/emptyDir") ||
		strings.Contains(path, "/behavior/scale") && strings.Contains(path, "/policies[") ||
		kind == "HorizontalPodAutoscaler" && strings.HasSuffix(path, "/policies") ||
		kind == "Job" && strings.HasPrefix(path, "/metadata/labels/") ||
		kind == "CSIDriver" && strings.HasPrefix(path, "/spec/volumeLifecycleModes") ||
		strings.HasSuffix(path, "namespaceSelector") || strings.HasSuffix(path, "objectSelector")
}

// effectiveOnly names defaults that Kubernetes applies later than its
// defaulters, or at a Pod and not at its template.
func effectiveOnly(kind, path string) bool {
	for _, tail := range []string{
		"/serviceAccountName", "/preemptionPolicy", "/shareProcessNamespace", "/setHostnameAsFQDN", "/hostUsers",
		"/privileged", "/readOnlyRootFilesystem", "/procMount", "/operator", "/minDomains", "/nodeAffinityPolicy",
		"/nodeTaintsPolicy", "/optional", "/immutable", "/automountServiceAccountToken", "/unhealthyPodEvictionPolicy",
		"/allowVolumeExpansion", "/pathType",
	} {
		if strings.HasSuffix(path, tail) {
			return true
		}
	}
	if kind != "Pod" && (strings.HasSuffix(path, "/enableServiceLinks") || strings.HasSuffix(path, "/hostPort") || strings.Contains(path, "/requests/")) {
		return true
	}
	if kind == "HorizontalPodAutoscaler" && strings.Contains(path, "/metrics[") {
		return true
	}
	if kind == "VolumeAttachment" || strings.Contains(path, "/ephemeralContainers[") && (strings.Contains(path, "/requests/") || strings.HasSuffix(path, "/hostPort")) {
		return true // a volume's spec is defaulted in a PersistentVolume only; an ephemeral container has neither resources nor ports
	}
	return kind == "CronJob" && strings.HasPrefix(path, "/spec/jobTemplate/spec/") || strings.Contains(path, "/spec/resources/requests/")
}

func encode(t *rapid.T, obj any, version, kind string) []byte {
	b, err := json.Marshal(obj)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	m["apiVersion"], m["kind"] = version, kind
	m["metadata"] = map[string]any{"name": "a"}
	delete(m, "status")
	if b, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	return b
}

func defaulted(t *rapid.T, s *runtime.Scheme, root reflect.Type, text []byte) []byte {
	obj := reflect.New(root).Interface()
	if err := json.Unmarshal(text, obj); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	s.Default(obj.(runtime.Object))
	var head struct{ APIVersion, Kind string }
	if err := json.Unmarshal(text, &head); err != nil {
		t.Fatal(err)
	}
	return encode(t, obj, head.APIVersion, head.Kind)
}

// appendWithout writes a tree as JSON, leaving out the scalars at the spots.
func appendWithout(b []byte, n *doc.Node, out map[spot]bool) []byte {
	switch n.Kind {
	case doc.Map:
		b = append(b, '{')
		first := true
		for _, f := range n.Fields {
			if scalar := f.Value.Kind != doc.Map && f.Value.Kind != doc.List; scalar && out[spot{f.Value.Line, f.Value.Col}] {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(fmt.Appendf(b, "%q", f.Key), ':')
			b = appendWithout(b, f.Value, out)
		}
		return append(b, '}')
	case doc.List:
		b = append(b, '[')
		for i, item := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendWithout(b, item, out)
		}
		return append(b, ']')
	case doc.String:
		return fmt.Appendf(b, "%q", n.Text)
	case doc.Null:
		return append(b, "null"...)
	default:
		return append(b, n.Text...)
	}
}
