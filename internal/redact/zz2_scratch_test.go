package redact

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
)

func TestScratchTwo(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, v := range []string{"https://feeds.example.com/rss.xml?u=flb_live_d9hg9MCTIwyrPCPfLPws&page=2", "https://feeds.example.com/rss.xml?u=flb_live_ICMWUxffaMDQU3TSEdo0&page=2"} {
		f := fact("/data/relay-fleetbase-url-first-parameter.conf", parity.URL, v)
		r.Fact(&parity.Subject{}, &f)
		fmt.Println(f.Value.Raw, f.Value.Canon)
	}
	for _, b := range []string{"d9hg9MCTIwyrPCPfLPws", "ICMWUxffaMDQU3TSEdo0", "1zeji2mutj-a9ecfdtf3", "fv9i0camiujdvgo_zuyo"} {
		m := measure(b)
		fmt.Printf("%s %.2f %+v\n", b, m.excess/float64(m.n), m)
	}
}
