package config

import (
	"fmt"
	"strings"
	"testing"
)

// TestOneMistakeIsOneFault: what is wrong in the same way in many places is told
// once, with where else it is, and hides no other fault.
func TestOneMistakeIsOneFault(t *testing.T) {
	l := faultList{file: "parity.yaml"}
	for i := range 200 {
		l.add(spot{200 - i, 5}, fmt.Sprintf("unknown key \"pth\" in environments[%d].sources[0]", 200-i), "did you mean path?")
	}
	l.add(spot{300, 1}, "unknown key \"gates\" in the file", "did you mean gate?")
	l.add(spot{300, 1}, "unknown key \"gates\" in the file", "did you mean gate?") // by an alias
	faults, ok := l.err().(Faults)
	if !ok || len(faults) != 2 {
		t.Fatalf("%d faults: %v", len(faults), l.err())
	}
	first := faults[0]
	if first.Where != "parity.yaml:1:5" || !strings.Contains(first.What, "environments[1]") ||
		first.Hint != "did you mean path?; the same in lines 2, 3, 4 and 196 more" {
		t.Errorf("%+v", first)
	}
	if faults[1].Hint != "did you mean gate?" {
		t.Errorf("%+v", faults[1])
	}
}
