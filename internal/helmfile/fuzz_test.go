package helmfile

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/envparity/parity/internal/doc"
)

// many is a number that a template could count to for long: the process that
// evaluates templates bounds that, and a test does not.
var many = regexp.MustCompile(`[0-9]{4}|e[0-9]|0x`)

// FuzzRead holds that any helmfile is read or refused, without a panic, and that
// no error quotes what was read.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"-- helmfile.yaml --\nenvironments: {staging: {values: [a.yaml]}}\n---\nreleases: [{name: a, chart: ./c, values: [{a: '{{ .Values.b }}'}]}]\n-- a.yaml --\nb: 1\n",
		"-- helmfile.yaml.gotmpl --\nbases: [b.yaml]\n---\n{{ range $k, $v := .Values }}{{ $k }}: {{ $v | toYaml | nindent 2 }}\n{{ end }}\n-- b.yaml --\nvalues: [{a: [1, {b: null}]}]\n",
		"-- helmfile.yaml --\ntemplates: {t: {values: [x]}}\nreleases: [{name: a, chart: o/r, inherit: [{template: t}], set: [{name: a.b, value: 1}], condition: a.enabled}]\nrepositories: [{name: o, url: 'https://x', oci: true}]\n",
		"-- helmfile.yaml.gotmpl --\n{{ $x := env \"A\" }}{{ if and $x (eq $x 1) }}{{ end }}{{ tpl \"{{ . }}\" $x }}{{ include \"a\" . }}{{ readFile \"../x\" }}\n",
		"-- helmfile.d/1.yaml --\nhelmfiles: [../helmfile.d/*.yaml, {path: ., values: [1]}]\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if many.Match(data) || len(data) > 4<<10 {
			t.Skip()
		}
		fsys := fstest.MapFS{}
		for _, file := range txtar.Parse(data).Files {
			fsys[strings.TrimPrefix(file.Name, "/")] = &fstest.MapFile{Data: file.Data}
		}
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
