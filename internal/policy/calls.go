package policy

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// settleCalls hangs the calls of an operation that a column lacks, or has alone,
// on the operation: that nobody calls what is not there is no finding of its own.
func (g *Judge) settleCalls() {
	operations := map[parity.Key][]int{}
	for n := range g.records {
		if x := g.records[n]; x.Subject.Kind == parity.OperationKind && x.Path == "" {
			key := x.Subject.Key()
			_, key.Name, _ = strings.Cut(key.Name, " ") // its kind
			operations[key] = append(operations[key], n)
		}
	}
	if len(operations) == 0 {
		return
	}
	hung := map[int]bool{}
	for n := range g.records {
		x := g.records[n]
		service, operation, ok := parity.ParseCall(x.Path)
		if !ok || x.Subject.Kind != parity.OperationKind {
			continue
		}
		for _, at := range operations[parity.Key{Kind: parity.OperationKind, Scope: service, Name: operation}] {
			if o := g.records[at]; o.Class == x.Class && slices.Equal(o.columns, x.columns) {
				o.Explains = append(o.Explains, parity.FactRef{Subject: x.Subject.Key(), Path: x.Path})
				hung[n] = true
				break
			}
		}
	}
	kept := g.records[:0]
	for n := range g.records {
		if !hung[n] {
			kept = append(kept, g.records[n])
		}
	}
	g.records = kept
}
