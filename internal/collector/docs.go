package collector

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity/internal/kinds"
)

// Markdown is the collector's documentation page: its manifest and the keys of
// its config.
func Markdown(c Collector) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", c.Name, c.Summary)
	surfaces := make([]string, len(c.Surfaces))
	for i, s := range c.Surfaces {
		surfaces[i] = s.String()
	}
	fmt.Fprintf(&b, "Role: %s. Surfaces: %s.\n", cmp.Or(string(c.Role), "any"), strings.Join(surfaces, ", "))
	if c.AfterOthers {
		b.WriteString("It runs when the environment's other sources have been read.\n")
	}
	if c.Detect == nil || c.FromPath == nil {
		b.WriteString("It is never chosen by a path alone: parity.yaml must name it.\n")
	}
	writeKinds(&b, c.Kinds)
	if keys := c.Fields(); len(keys) > 0 {
		b.WriteString("\n## Keys\n\n| key | type | required | meaning |\n| --- | --- | --- | --- |\n")
		for _, f := range keys {
			required := ""
			if f.Required {
				required = "yes"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Key, f.Type, required, strings.ReplaceAll(f.Doc, "|", `\|`))
		}
	}
	if text := strings.TrimSpace(c.Doc); text != "" {
		fmt.Fprintf(&b, "\n%s\n", text)
	}
	return b.String()
}

// writeKinds lists the kinds of subjects, those of one format and family together,
// without those that a pattern beside them stands for.
func writeKinds(b *strings.Builder, all []kinds.Kind) {
	if len(all) == 0 {
		return
	}
	b.WriteString("\n## Kinds of subjects\n\nAn environment without a source of a format cannot speak of its kinds: what another has is not missing there.\n" +
		"Subjects of one family can stand for each other.\n\n| format | family | kinds |\n| --- | --- | --- |\n")
	type row struct{ format, family string }
	var rows []row
	names := map[row][]string{}
	for i := range all {
		r := row{all[i].Format, all[i].Family}
		if names[r] == nil {
			rows = append(rows, r)
		}
		listed := func(k kinds.Kind) bool {
			return row{k.Format, k.Family} == r && k.Name != all[i].Name && k.Has(all[i].Name)
		}
		if name := "`" + all[i].Name + "`"; !slices.Contains(names[r], name) && !slices.ContainsFunc(all, listed) {
			names[r] = append(names[r], name)
		}
	}
	for _, r := range rows {
		fmt.Fprintf(b, "| %s | %s | %s |\n", r.format, r.family, strings.Join(names[r], ", "))
	}
}
