package redact

import (
	"fmt"
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"
)

func TestScratchKnown(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	d := drawer{rand.New(rand.NewPCG(5, 6))}
	n := map[string]int{}
	for _, file := range []string{"detector-formats.tsv", "vendor-formats.tsv"} {
		for _, f := range scratchRows(file, 6) {
			re, _ := syntax.Parse(f[4], syntax.Perl)
			known, sus, open := 0, 0, 0
			for range 20 {
				var b strings.Builder
				gen(&b, re, d)
				h, s := hides(r, "/data/"+f[3], b.String())
				switch {
				case !h:
					open++
				case s:
					sus++
				default:
					known++
				}
			}
			k := "known"
			if sus > known {
				k = "suspected"
			}
			if open > 10 {
				k = "open"
			}
			n[file[:3]+" expected "+f[2]+" found "+k]++
			if f[2] != k && !(f[2] == "name" && k == "suspected") {
				fmt.Println(file[:3], f[2], k, f[0], f[4])
			}
		}
	}
	fmt.Println(n)
}
