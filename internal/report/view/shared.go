package view

import (
	"strings"

	"github.com/envparity/parity"
)

// SharedSecret says which environments have one secret or one address, and where.
func SharedSecret(s parity.SharedValue) string {
	columns := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		columns[i] = Line(c)
	}
	what := Line(s.Example)
	if s.Secret {
		what = "one secret"
	}
	text := what + " in " + strings.Join(columns, ", ")
	for i, w := range s.Where {
		if i == 0 {
			text += ": "
		} else {
			text += "; "
		}
		text += Line(w.Subject.String()) + " " + Line(w.Path)
	}
	return text
}
