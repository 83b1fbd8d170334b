package kube

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/envparity/parity/internal/realdata"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"go.yaml.in/yaml/v3"
)

// scale gives 2,000 objects as the generator of the shared data writes them.
func scale(b *testing.B) []byte {
	b.Helper()
	out, err := exec.Command("python3", filepath.Join(realdata.Path(b), "scale", "generate.py"), "2000", "prod", "7", "0").Output()
	if err != nil {
		b.Skip("python3 cannot run the generator: ", err)
	}
	return out
}

func BenchmarkReader(b *testing.B) {
	text := scale(b)
	var nodes []*doc.Node
	if err := doc.ParseYAML(bytes.NewReader(text), doc.Limits{}, func(n *doc.Node, _ int) error {
		nodes = append(nodes, n)
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	facts := 0
	for b.Loop() {
		r := NewReader(Options{})
		origin := &parity.Origin{File: "a.yaml", Precision: parity.AtLine}
		for _, n := range nodes {
			r.Add(n, origin)
		}
		facts = 0
		r.Finish(func(_ parity.Subject, f []parity.Fact) { facts += len(f) })
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(nodes)), "ns/object")
	b.ReportMetric(float64(facts)/float64(len(nodes)), "facts/object")
}

// BenchmarkParse is what BenchmarkReader is measured against: the same bytes
// parsed to nodes of yaml.v3.
func BenchmarkParse(b *testing.B) {
	text := scale(b)
	b.ReportAllocs()
	objects := 0
	for b.Loop() {
		objects = 0
		for dec := yaml.NewDecoder(bytes.NewReader(text)); ; objects++ {
			var n yaml.Node
			if dec.Decode(&n) != nil {
				break
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*objects), "ns/object")
}
