package doc

import (
	"errors"
	"strings"
	"testing"
)

// TestStreamsAreBounded holds that a stream of many documents, each within the
// bounds, ends once all of them together have too many values; the documents
// before are given.
func TestStreamsAreBounded(t *testing.T) {
	limits := Limits{Nodes: 100}
	for name, parse := range map[string]func(each func(*Node, int) error) error{
		"YAML": func(each func(*Node, int) error) error {
			return ParseYAML(strings.NewReader(strings.Repeat("---\na: {b: 1}\n", 1000)), limits, each)
		},
		"JSON": func(each func(*Node, int) error) error {
			return parseJSONStream([]byte(strings.Repeat("{\"a\": {\"b\": 1}}\n", 1000)), limits, each)
		},
	} {
		given := 0
		err := parse(func(*Node, int) error { given++; return nil })
		var fault *Error
		if !errors.As(err, &fault) || !strings.Contains(fault.What, "more than 200 values together") || fault.Line == 0 {
			t.Errorf("%s: %v", name, err)
		}
		if given < 50 || given > 100 {
			t.Errorf("%s: %d documents were given", name, given)
		}
	}
}
