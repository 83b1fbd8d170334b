package markdown

import (
	"strings"

	"github.com/envparity/parity/internal/report/view"
)

// textEscapes keep text from being read as Markdown or HTML, and from
// mentioning a person, linking an issue or linking an address: after the sign
// that would begin one stands a zero-width space.
var textEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;",
	"`", "&#96;", "|", "&#124;", "*", "&#42;", "_", "&#95;", "~", "&#126;",
	"[", "&#91;", "]", "&#93;", `\`, "&#92;", "!", "&#33;", "$", "&#36;",
	"@", "@&#8203;", "#", "#&#8203;", "://", ":&#8203;//", "www.", "www&#8203;.",
	"GH-", "GH&#8203;-",
)

// codeEscapes do the same within a code element, in which neither mentions
// nor links are made.
var codeEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;",
	"`", "&#96;", "|", "&#124;", "*", "&#42;", "_", "&#95;", "~", "&#126;",
	"[", "&#91;", "]", "&#93;", `\`, "&#92;", "!", "&#33;", "$", "&#36;",
	"@", "&#64;", "#", "&#35;", ":", "&#58;", "www.", "www&#46;",
)

// text escapes s, cut to n runes, for running text.
func text(s string, n int) string {
	return textEscapes.Replace(view.Cut(view.Line(s), n))
}

// code writes s, cut to n runes, as code. A code element in HTML can hold any
// text, which backticks cannot.
func code(s string, n int) string {
	s = view.Cut(view.Line(s), n)
	if s == "" {
		return ""
	}
	return "<code>" + strings.ReplaceAll(codeEscapes.Replace(s), "  ", "&nbsp; ") + "</code>"
}
