package settings_test

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/settings"
)

// TestSecretsAreSecretByKind reads a Secret as if it were any settings file:
// nothing in it is named as a secret is.
func TestSecretsAreSecretByKind(t *testing.T) {
	for text, want := range map[string]int{
		"apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {any: aGVsbG8=}\nstringData:\n  other: |\n    x: 1\n": 2,
		"kind: Secret\ndata: {any: aGVsbG8=}\n":                    0, // no object of Kubernetes
		"apiVersion: v1\nkind: ConfigMap\ndata: {any: aGVsbG8=}\n": 0,
	} {
		secrets := 0
		err := doc.ParseYAML(strings.NewReader(text), doc.Limits{Nodes: 1000, Depth: 10, Bytes: 1000}, func(n *doc.Node, _ int) error {
			settings.Read(n, settings.Options{}, nil, func(_ parity.Subject, facts []parity.Fact) {
				for _, f := range facts {
					if f.Value.Kind == parity.Secret {
						secrets++
					}
				}
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if secrets != want {
			t.Errorf("%d secrets, want %d, in\n%s", secrets, want, text)
		}
	}
}
