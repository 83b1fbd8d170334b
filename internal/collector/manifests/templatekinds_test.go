package manifests

import (
	"slices"
	"testing"

	"helm.sh/helm/v3/pkg/chart"
)

func TestTemplateKinds(t *testing.T) {
	helpers := `{{- define "labels" }}
app: {{ .Release.Name }}
{{- end }}
`
	object := `{{- define "object" }}
kind: Secret
{{- end }}
`
	c := &chart.Chart{Metadata: &chart.Metadata{Name: "c"}, Templates: []*chart.File{
		{Name: "templates/_helpers.tpl", Data: []byte(helpers)}, {Name: "templates/_object.tpl", Data: []byte(object)},
	}}
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"one", "apiVersion: v1\nkind: Service\nmetadata: {name: {{ required \"x\" .Values.x }}}\n", []string{"Service"}},
		{"two", "# a note\n{{- if .Values.on }}\napiVersion: v1\nkind: Service\n---\nkind: Ingress\n{{- end }}\n", []string{"Service", "Ingress"}},
		{"in a loop", "{{- range $k, $v := .Values.all }}\n---\nkind: CronJob\nmetadata:\n  labels: {{- include \"labels\" $ | nindent 4 }}\n{{- end }}\n", []string{"CronJob"}},
		{"a kind from values", "kind: {{ .Values.kind }}\n", nil},
		{"a document without a kind", "kind: Service\n---\nspec: {}\n", nil},
		{"whole objects from values", "kind: Service\n---\n{{ toYaml .Values.more }}\n", nil},
		{"a line of its own", "kind: Service\n{{ .Values.more }}\n", nil},
		{"text from values as a template", "kind: Service\nspec: {{ tpl .Values.spec . }}\n", nil},
		{"what a library defines", "kind: Service\nspec:\n  {{ include \"library.spec\" . }}\n", nil},
		{"what defines objects", "kind: Service\nspec:\n  {{ include \"object\" . }}\n", nil},
		{"a name that is made", "kind: Service\nspec:\n  {{ include (print .Values.a) . }}\n", nil},
		{"not indented", "kind: Service\nspec:\n  {{ .Values.a | nindent 0 }}\n", nil},
		{"nothing", "{{/* nothing */}}\n", nil},
	} {
		if got := templateKinds(c, tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
