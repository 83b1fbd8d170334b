package doc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// manyObjects gives a stream of n Deployments and ConfigMaps in the usual
// layout of such files.
func manyObjects(n int) []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-%d\n  namespace: shop\n"+
			"  labels:\n    app.kubernetes.io/name: app-%d\nspec:\n  replicas: %d\n  template:\n    spec:\n      containers:\n"+
			"      - name: web\n        image: registry.example.com/shop/app-%d:1.%d.0\n        env:\n", i, i, i%5, i, i%9)
		for v := range 15 {
			fmt.Fprintf(&b, "        - name: SETTING_%d\n          value: \"value-%d\"\n", v, v*i)
		}
		fmt.Fprintf(&b, "        resources:\n          requests: {cpu: 100m, memory: 128Mi}\n          limits: {cpu: 500m, memory: 256Mi}\n"+
			"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-%d\n  namespace: shop\ndata:\n  HOST: db-%d.example.com\n  level: info\n", i, i)
	}
	return []byte(b.String())
}

func BenchmarkParseYAML(b *testing.B) {
	data := manyObjects(500)
	b.Run("doc", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			err := ParseYAML(bytes.NewReader(data), Limits{}, func(*Node, int) error { return nil })
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("yaml.v3", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			dec := yaml.NewDecoder(bytes.NewReader(data))
			for {
				var n yaml.Node
				if err := dec.Decode(&n); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkFlatten(b *testing.B) {
	var docs []*Node
	err := ParseYAML(bytes.NewReader(manyObjects(500)), Limits{}, func(n *Node, _ int) error {
		docs = append(docs, n)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		leaves := 0
		for _, d := range docs {
			Flatten(d, "", func(Leaf) { leaves++ })
		}
		if leaves == 0 {
			b.Fatal("no leaves")
		}
	}
}
