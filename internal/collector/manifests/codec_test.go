package manifests

import (
	"bytes"
	"reflect"
	"testing"

	"helm.sh/helm/v3/pkg/chart/loader"

	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/render"
)

// FuzzMessages holds the decoders of what the two processes say to each other
// to end on any bytes, and to read what they wrote.
func FuzzMessages(f *testing.F) {
	job := &chartJob{
		files:  []*loader.BufferedFile{{Name: "Chart.yaml", Data: []byte("name: a")}},
		values: map[string]any{"a": 1, "b": []any{1.5, nil, true}}, name: "n", apiVersions: []string{"v1"},
	}
	f.Add(job.encode())
	f.Add((&chartDone{missing: []missingChart{{name: "a", use: "c", imports: true, given: map[string]any{"k": 1}}}, failed: []failedTemplate{{"a", ":1", "b", true, false, []string{"c"}}}, made: []madeText{{"a", "b", "c"}}}).encode())
	f.Add((&kustomizeJob{dir: "a", replaced: map[string][]byte{"a": []byte("b")}, known: newAnswers()}).encode())
	var e render.Encoder
	e.Uint(1)
	e.Bool(true)
	encodeNode(&e, &doc.Node{Kind: doc.Map, Fields: []doc.Field{{Key: "a", Value: &doc.Node{Kind: doc.List}}}})
	f.Add(e.Data())
	f.Fuzz(func(t *testing.T, data []byte) {
		if j, err := decodeChartJob(data); err == nil {
			again, err := decodeChartJob(j.encode())
			if err != nil || !bytes.Equal(again.encode(), j.encode()) {
				t.Errorf("a job of a chart is not read as it was written: %v", err)
			}
		}
		if c, err := decodeChartDone(data); err == nil {
			if again, err := decodeChartDone(c.encode()); err != nil || !bytes.Equal(again.encode(), c.encode()) {
				t.Errorf("what a chart gives is not read as it was written: %v", err)
			}
		}
		if j, err := decodeKustomizeJob(data); err == nil {
			if again, err := decodeKustomizeJob(j.encode()); err != nil || !reflect.DeepEqual(again, j) {
				t.Errorf("a job of kustomize is not read as it was written: %v", err)
			}
		}
		objects, err := decodeObjects(data)
		if err != nil {
			return
		}
		for _, o := range objects {
			if o.node == nil {
				continue
			}
			var e render.Encoder
			encodeNode(&e, o.node)
			d := render.NewDecoder(e.Data())
			if n := decodeNode(d, 0); d.Err() != nil || !reflect.DeepEqual(n, o.node) {
				t.Errorf("an object is not read as it was written: %v", d.Err())
			}
		}
	})
}
