package discover

import (
	"fmt"
	"os"
	"testing"
)

func TestDbg(t *testing.T) {
	d := os.Getenv("DBG")
	if d == "" {
		t.Skip()
	}
	inv := take(os.DirFS(d))
	var places []*place
	for _, l := range layouts() {
		for _, p := range l.find(inv) {
			p.layout = l
			places = append(places, &p)
		}
	}
	all := families(places)
	judge(inv, all)
	for k, f := range all {
		if len(f.readings) > 0 {
			fmt.Printf("%q sure=%v %+v unknown=%v\n", k, f.sure, f.readings, f.unknown)
		}
	}
	a := &assignment{inv: inv, families: all, roles: roles(all), sites: findSites(inv, all)}
	fmt.Println(a.roles)
	fmt.Printf("%+v\n", a.sites)
	a.all(places)
	for _, f := range a.found {
		fmt.Println(f.path, f.reading, f.instance, f.source)
	}
	fmt.Println(a.notes)
}
