package settings

import "github.com/envparity/parity/internal/kinds"

// Format is the format of settings. Subjects say it themselves: a list at the top
// of a document gives its items its own name as their kind, which may be any text.
const Format = "files"

// Kinds declares the kinds of settings.
func Kinds() []kinds.Kind {
	return []kinds.Kind{
		{Name: SectionKind, Format: Format, Settings: true},
		{Name: ValuesKind, Format: Format},
		{Name: ItemKind, Format: Format},
		{Name: "*", Format: Format},
	}
}
