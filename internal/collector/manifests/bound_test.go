package manifests

import (
	"context"
	"fmt"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/kube"
)

// ending is a sink that ends the source once it has more facts than it may.
type ending struct {
	facts, most int
	end         func()
}

func (e *ending) Subject(_ parity.Subject, facts []parity.Fact) {
	if e.facts += len(facts); e.facts > e.most {
		e.end()
	}
}
func (e *ending) Gap(parity.Gap)      {}
func (e *ending) Tool(string, string) {}

// TestObjectsHeldAreBounded: what is read is held until all is, and must not be
// more than the sink would take.
func TestObjectsHeldAreBounded(t *testing.T) {
	for name, limits := range map[string]collector.Limits{
		"facts":  {Facts: 20, Memory: 1 << 40},
		"memory": {Facts: 1 << 40, Memory: 5 << 10},
	} {
		ctx, end := context.WithCancel(t.Context())
		out := &ending{most: 15, end: end}
		s := &session{ctx: ctx, in: collector.Input{Limits: limits}, out: out, held: collector.NewHeld(limits)}
		s.objects = kube.NewReader(kube.Options{Added: s.held.Add})
		added := 0
		for ; added < 1000; added++ {
			text := fmt.Sprintf(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c%d"},"data":{"k":"v"}}`, added)
			obj, err := doc.ParseJSON([]byte(text), doc.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if s.add(obj, nil) != nil {
				break
			}
		}
		end()
		if added > 20 || out.facts == 0 {
			t.Errorf("%s: %d objects were held before %d facts were handed over", name, added, out.facts)
		}
	}
}
