package cli

import (
	"bytes"
	"strings"
	"testing"
)

func TestAsk(t *testing.T) {
	for answer, want := range map[string]bool{"y\n": true, "Yes\n": true, "n\n": false, "\n": true, "": false, "what\n": false} {
		var out bytes.Buffer
		c := &command{Process: Process{Stdin: strings.NewReader(answer), Stderr: &out}}
		if got := c.ask("Compare\x1b[2J them?", true); got != want {
			t.Errorf("%q is %v", answer, got)
		}
		if strings.Contains(out.String(), "\x1b") || !strings.HasSuffix(out.String(), " [Y/n] ") {
			t.Errorf("it asks %q", out.String())
		}
	}
	c := &command{Process: Process{Stdin: strings.NewReader("\ny\n"), Stderr: new(bytes.Buffer)}}
	if c.ask("one", false) || !c.ask("two", false) {
		t.Error("two answers on one input are mixed up")
	}
}
