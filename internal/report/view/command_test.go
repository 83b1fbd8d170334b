package view

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// isCommand is how a runner of workflows reads a line of a step's output.
func isCommand(text string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
			return true
		}
	}
	return false
}

// TestInert holds that no text is a command, and that what is none stays as it
// is.
func TestInert(t *testing.T) {
	for text, want := range map[string]string{
		"a :: b\n":                    "a :: b\n",
		"::error::x\n":                "\\::error::x\n",
		"a\n \t::add-mask::x\r\nb":    "a\n \t\\::add-mask::x\r\nb",
		"x ##[error]y":                `x ##\[error]y`,
		"###[x":                       `###\[x`,
		"\u00a0::stop-commands::t":    "\u00a0\\::stop-commands::t",
		"\n\n::x::\n":                 "\n\n\\::x::\n",
		"\x1b[1m::error::is no begin": "\x1b[1m::error::is no begin",
	} {
		if got := string(Inert([]byte(text))); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	parts := rapid.SampledFrom([]string{"::", ":", "#", "##[", "[", "\n", "\r", " ", "\t", "\u2028", "\u00a0", "a", "\\", "error::"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(parts).Draw(t, "text"), "")
		out := Inert([]byte(text))
		if isCommand(string(out)) {
			t.Fatalf("%q is %q, which is a command", text, out)
		}
		if !isCommand(text) && string(out) != text {
			t.Fatalf("%q was changed to %q", text, out)
		}
		encoded, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var back string
		if err := json.Unmarshal(InertJSON(encoded), &back); err != nil || back != text || isCommand(string(InertJSON(encoded))) {
			t.Fatalf("%q is %q as JSON: %v", text, back, err)
		}
		var escaped strings.Builder
		if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
			t.Fatal(err)
		}
		doc := InertXML([]byte("<a>" + escaped.String() + "</a>"))
		if err := xml.Unmarshal(doc, &back); err != nil || isCommand(string(doc)) {
			t.Fatalf("%q is %q as XML: %v", text, doc, err)
		}
	})
}
