package collector

import (
	"cmp"
	"fmt"
	"strings"
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
