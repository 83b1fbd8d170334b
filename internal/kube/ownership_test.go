package kube

import (
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// managed is an object with two managers; FIELDS is what the second owns.
const managed = `{"apiVersion":"v1","kind":"Service","metadata":{"name":"a","namespace":"n","managedFields":[
{"manager":"one","operation":"Update","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:spec":{"f:ports":{".":{},"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:port":{},"f:name":{}}},"f:selector":{}}}},
{"manager":"status","operation":"Update","subresource":"status","time":"2026-01-03T00:00:00Z","fieldsV1":{"f:spec":{}}},
{"manager":"two","operation":"Apply","time":"2026-01-02T00:00:00Z","fieldsV1":FIELDS}]},
"spec":{"selector":{"app":"x"},"ports":[{"name":"http","port":80,"protocol":"TCP"}],"externalIPs":["a[b]/c"]}}`

func writers(t testing.TB, fields string) map[string]string {
	t.Helper()
	text := []byte(managed)
	for i := range text {
		if string(text[i:i+6]) == "FIELDS" {
			text = append(append(append([]byte{}, text[:i]...), fields...), text[i+6:]...)
			break
		}
	}
	n, err := doc.ParseJSON(text, doc.Limits{Nodes: 100_000, Depth: 100, Bytes: 1 << 20})
	if err != nil {
		return nil
	}
	r := NewReader(Options{Live: true})
	r.Add(n, &parity.Origin{File: "cluster a", Precision: parity.AtObject})
	out := map[string]string{}
	r.Finish(func(_ parity.Subject, facts []parity.Fact) {
		for i := range facts {
			for w := facts[i].Origin.Writer; w != nil; w = w.Also {
				out[facts[i].Path] += w.Manager + " "
			}
		}
	})
	return out
}

// TestOwnedPaths holds where what managers own stands among the facts.
func TestOwnedPaths(t *testing.T) {
	for _, test := range []struct{ name, fields, path, want string }{
		{"a field", `{"f:spec":{"f:selector":{}}}`, "/spec/selector/app", "two one "},
		{"above", `{"f:spec":{}}`, "/spec/selector/app", "one "},
		{"an item that facts name otherwise", `{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{"f:name":{}}}}}`, "/spec/ports[name=http]/name", "two one "},
		{"its other fields", `{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{"f:name":{}}}}}`, "/spec/ports[name=http]/port", "one "},
		{"an item as a whole", `{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{}}}}`, "/spec/ports[name=http]/port", "one "},
		{"an item that is gone", `{"f:spec":{"f:ports":{"k:{\"port\":81}":{"f:port":{}}}}}`, "/spec/ports[name=http]/port", "one "},
		{"a member with brackets", `{"f:spec":{"f:externalIPs":{}}}`, "/spec/externalIPs[=a[b]/c]", "two "},
		{"a member of a set", `{"f:spec":{"f:externalIPs":{"v:\"a[b]/c\"":{}}}}`, "/spec/externalIPs[=a[b]/c]", "two "},
		{"an index", `{"f:spec":{"f:externalIPs":{"i:0":{}}}}`, "/spec/externalIPs[=a[b]/c]", ""},
		{"what is no path", `{"x":{},"f:spec":{"k:[":{},"k:{}":1,"f:selector":{"f:app":{}}}}`, "/spec/selector/app", "two "},
	} {
		if got := writers(t, test.fields)[test.path]; got != test.want {
			t.Errorf("%s: %s is written by %q, want %q", test.name, test.path, got, test.want)
		}
	}
}

// FuzzOwnership holds that no managed fields end the process, nor give a fact to
// a manager that there is not.
func FuzzOwnership(f *testing.F) {
	for _, s := range []string{
		`{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{"f:name":{}}}}}`, `{"f:spec":{"f:externalIPs":{"v:\"a\"":{},"i:0":{}}}}`,
		`[]`, `null`, `{"k:{":{"k:{\"a\":[]}":{}}}`, `{"f:":{"f:":{}}}`, `{".":{}}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, fields string) {
		for path, by := range writers(t, fields) {
			if by != "one " && by != "two " && by != "two one " {
				t.Errorf("%s is written by %q", path, by)
			}
		}
	})
}
