package kube

import (
	"fmt"
	"os"
	"testing"
)

func TestDump(t *testing.T) {
	file := os.Getenv("DUMP")
	if file == "" {
		t.Skip()
	}
	b, _ := os.ReadFile(file)
	all, gaps := read(t, Options{}, string(b))
	for k, s := range all {
		fmt.Println("==", k, s.Subject.Stem, s.Subject.IDs, s.Subject.Traits)
		for _, f := range s.Facts {
			fmt.Printf("%-10s %-9s %-70s %q -> %q  %v %v\n", f.Surface, f.Value.Kind, f.Path, f.Value.Raw, f.Value.Canon, f.Rules, f.DerivedFrom)
		}
	}
	for _, g := range gaps {
		fmt.Printf("GAP %+v\n", g)
	}
}
