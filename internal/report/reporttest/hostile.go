package reporttest

import "math/rand/v2"

// Hostile is a value that attacks every format at once.
const Hostile = "\x1b[31mred\x1b[0m\u009b2J | `tick` <script>alert(1)</script> & \"q\" @team #12 ]]> --> \u202egpj.exe\r\nnext\x00\xff"

// pieces are texts that mean something to one format or another.
var pieces = []string{
	"\x1b[2J", "\x1b]0;t\x07", "\u009b31m", "\x00", "\x7f", "\xff", "\xe2\x82", "\r", "\n", "\t", "\u2028", "\u202e", "\u200b", "\ufeff", "\ufffe", "\U000e0041",
	"<", ">", "&", "\"", "'", "`", "```", "|", "\\", "\\|", "]]>", "-->", "<!--", "&#0;", "&lt;",
	"</script>", "</style>", "</title>", "</details>", "<svg onload=x>", "javascript:x", "{{.}}", "${x}",
	"[a](b)", "![a](//b)", "](", "*", "__", "~~", "# ", "- ", "> ", "| - |", "\n\n", "@org/team", "#1", "GH-1", "https://example.com", "www.example.com", "a@b.c", ":tada:", "$x$",
	"git:a:b", "//host", "..\\..\\x", "%2e%2e", "file:///x", "a:b", "1:2", "日本語", "🙂", "\u0301", " ", "  ", "x",
}

// Hostiles are texts to try every format with: each piece that is known to
// mean something to one of them, and mixtures, always the same ones.
func Hostiles() []string {
	all := append([]string{Hostile, ""}, pieces...)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same mixtures each time
	for range 40 {
		s := ""
		for range 2 + random.IntN(10) {
			s += pieces[random.IntN(len(pieces))]
		}
		all = append(all, s)
	}
	return all
}
