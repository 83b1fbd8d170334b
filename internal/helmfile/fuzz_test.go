package helmfile

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/envparity/parity/internal/doc"
)

// many is a number that a template could count to for long: the process that
// evaluates templates bounds that, and a test does not.
var many = regexp.MustCompile(`[0-9]{4}|e[0-9]|0x`)

// FuzzRead holds that any helmfile is read or refused, without a panic, and that
// no error quotes what was read.
func FuzzRead(f *testing.F) {
	for _, seed := range [][2]string{
		{"environments: {staging: {values: [a.yaml]}}\n---\nreleases: [{name: a, chart: ./c, values: [{a: '{{ .Values.b }}'}]}]\n", "b: 1\n"},
		{"bases: [a.yaml]\n---\n{{ range $k, $v := .Values }}{{ $k }}: {{ $v | toYaml | nindent 2 }}\n{{ end }}\n", "values: [{a: [1, {b: null}]}]\n"},
		{"templates: {t: {values: [a.yaml]}}\nreleases: [{name: a, chart: o/r, inherit: [{template: t}], set: [{name: a.b, value: 1}], condition: a.enabled}]\nrepositories: [{name: o, url: 'https://x', oci: true}]\n", "a: 1\nsops: {mac: x}\n"},
		{"{{ $x := env \"A\" }}{{ if and $x (eq $x 1) }}{{ end }}{{ tpl \"{{ . }}\" $x }}{{ include \"a\" . }}{{ readFile \"../x\" }}\n", ""},
		{"helmfiles: [./*.yaml, {path: ., values: [1]}]\n", "releases: [{name: b, chart: a/b, values: [a.yaml]}]\n"},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]), true)
		f.Add([]byte(seed[0]), []byte(seed[1]), false)
	}
	f.Fuzz(func(t *testing.T, text, values []byte, template bool) {
		if many.Match(text) || many.Match(values) || len(text)+len(values) > 4<<10 {
			t.Skip()
		}
		name := "helmfile.yaml"
		if template {
			name += ".gotmpl"
		}
		fsys := fstest.MapFS{name: {Data: text}, "a.yaml": {Data: values}}
		s, err := Read(Options{FS: fsys, Path: ".", Environment: "staging", Limits: doc.Limits{Nodes: 10_000, Depth: 50, Bytes: 1 << 20}})
		if err != nil {
			return
		}
		for _, r := range s.Releases {
			for _, l := range r.Values {
				if l.File == "" || strings.HasPrefix(l.File, "..") {
					t.Errorf("a layer is from %q", l.File)
				}
			}
		}
	})
}
