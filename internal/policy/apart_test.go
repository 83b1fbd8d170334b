package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
)

// TestStandingApart: columns are named by environment letter and number, with
// what each holds.
func TestStandingApart(t *testing.T) {
	tests := []struct {
		name, columns    string
		minority, within string
	}{
		{"all alike", "s0=a p0=a p1=a", "", ""},
		{"one of three", "s0=b p0=a p1=a", "s0", ""},
		{"one instance", "s0=a s1=a p0=a p1=b p2=a", "p1", "p"},
		{"one instance, a value of its own in another environment", "s0=c s1=c p0=a p1=b p2=a p3=a p4=a p5=a", "", ""},
		{"the reference", "s0=a s1=a p0=a p1=a p2=b", "p2", "p"},
		{"two of ten", "p0=a p1=a p2=b p3=a p4=a p5=c p6=a p7=a p8=a p9=a", "p2 p5", "p"},
		{"four of ten", "p0=b p1=b p2=b p3=b p4=a p5=a p6=a p7=a p8=a p9=a", "", "p"},
		{"a whole environment", "s0=b s1=b p0=a p1=a p2=a p3=a", "s0 s1", ""},
		{"an environment and the one instance like it", "s0=b p0=a p1=a p2=a p3=a p4=b", "s0 p4", ""},
		{"both environments", "s0=a s1=b p0=a p1=a p2=b p3=a p4=a p5=a", "s1 p2", ""},
		{"two columns", "s0=a p0=b", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var columns []parity.Column
			var held []string
			for _, f := range strings.Fields(tt.columns) {
				name, value, _ := strings.Cut(f, "=")
				columns = append(columns, parity.Column{Environment: name[:1], Instance: name})
				held = append(held, value)
			}
			columns[len(columns)-1].Reference = true
			g, err := New(nil, columns, time.Time{}, Options{Kinds: declaredKinds()})
			if err != nil {
				t.Fatal(err)
			}
			j := &parity.Joined{}
			for _, v := range held {
				cell := parity.Cell{State: parity.Present, Fact: &parity.Fact{Value: parity.Value{Kind: parity.Text, Raw: v}}}
				if v != held[len(held)-1] {
					cell.Class = parity.Changed
				}
				j.Cells = append(j.Cells, cell)
			}
			g.standings(j)
			var d parity.Difference
			g.tellApart(&d)
			names := d.Minority
			if d.OddOneOut != "" {
				names = append(names, d.OddOneOut)
			}
			got := ""
			for i, n := range names {
				_, instance, _ := strings.Cut(n, "/")
				if got += instance; i < len(names)-1 {
					got += " "
				}
			}
			if got != tt.minority || d.Within != tt.within {
				t.Errorf("minority %q within %q, want %q within %q", got, d.Within, tt.minority, tt.within)
			}
		})
	}
}
