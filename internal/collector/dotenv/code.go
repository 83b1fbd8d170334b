package dotenv

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// language says how the programs of a family of languages ask for variables.
// It is a search, not a parser: what it finds are names.
type language struct {
	// asks finds a name, in the first group that fits.
	asks *regexp.Regexp
	// lists finds a list of names, as in const {A, B: b = 1} = process.env; nil
	// where a language has none.
	lists *regexp.Regexp
	// whole finds where variables are read without their names.
	whole *regexp.Regexp
	// comment begins a line that is none of the program.
	comment string
}

var (
	script = language{
		asks:    regexp.MustCompile(`(?:process\.env|import\.meta\.env|Bun\.env)(?:\??\.([A-Za-z_]\w*)|\[\s*["'\x60]([A-Za-z_]\w*)["'\x60]\s*\])|Deno\.env\.get\(\s*["'\x60]([A-Za-z_]\w*)["'\x60]`),
		lists:   regexp.MustCompile(`\{([^{}]+)\}\s*=\s*(?:process\.env|import\.meta\.env)\b`),
		whole:   regexp.MustCompile(`(?:process\.env|import\.meta\.env)(?:\s*\[\s*[^"'\x60\s]|\s*[,;)}\n])|Deno\.env\.(?:toObject|get\(\s*[^"'\x60\s])`),
		comment: "//",
	}
	python = language{
		asks:    regexp.MustCompile(`(?:environ\s*\[\s*|environ\.(?:get|pop|setdefault)\(\s*|getenv\(\s*|\benv(?:\.\w+)?\(\s*|\bconfig\(\s*)["']([A-Za-z_]\w*)["']`),
		whole:   regexp.MustCompile(`environ\s*(?:\[\s*[^"'\s]|[,)\n]|\.(?:copy|items|keys)\b|\.get\(\s*[^"'\s])|getenv\(\s*[^"'\s]|BaseSettings`),
		comment: "#",
	}
	ruby = language{
		asks:    regexp.MustCompile(`\bENV(?:\[\s*|\.(?:fetch|key\?|\[\])\(?\s*)["']([A-Za-z_]\w*)["']`),
		whole:   regexp.MustCompile(`\bENV(?:\[\s*[^"'\s]|\.(?:to_h|each|select|slice|fetch\(\s*[^"'\s]))`),
		comment: "#",
	}
	jvm = language{
		asks:    regexp.MustCompile(`getenv\(\s*"([A-Za-z_]\w*)"|\$\{([A-Z][A-Z0-9_]*)(?::[^}]*)?\}|sys\.env(?:\.get)?\(\s*"([A-Za-z_]\w*)"`),
		whole:   regexp.MustCompile(`getenv\(\s*[^"\s]|@Value|@ConfigurationProperties|sys\.env\b[^.(]`),
		comment: "//",
	}
	golang = language{
		asks:    regexp.MustCompile(`os\.(?:Getenv|LookupEnv)\(\s*["\x60]([A-Za-z_]\w*)["\x60]|\b(?:env|envconfig):"([A-Za-z_]\w*)`),
		whole:   regexp.MustCompile(`os\.(?:Environ\(|ExpandEnv\(|(?:Getenv|LookupEnv)\(\s*[^"\x60\s])|envconfig\.Process|AutomaticEnv`),
		comment: "//",
	}
	rust = language{
		asks:    regexp.MustCompile(`(?:env::var(?:_os)?\(\s*|\b(?:option_)?env!\(\s*)"([A-Za-z_]\w*)"|\benv\s*=\s*"([A-Za-z_]\w*)"`),
		whole:   regexp.MustCompile(`env::vars|env::var(?:_os)?\(\s*[^"\s]|envy::`),
		comment: "//",
	}
	php = language{
		asks:    regexp.MustCompile(`\b(?:getenv|env)\(\s*["']([A-Za-z_]\w*)["']|\$_(?:ENV|SERVER)\[\s*["']([A-Za-z_]\w*)["']|%env\((?:\w+:)*([A-Za-z_]\w*)\)%`),
		whole:   regexp.MustCompile(`\bgetenv\(\s*(?:\)|[^"'\s])|\$_ENV(?:\[\s*[^"'\s]|\s*[,);])`),
		comment: "//",
	}
	dotnet = language{
		asks:    regexp.MustCompile(`GetEnvironmentVariable\(\s*"([A-Za-z_]\w*)"`),
		whole:   regexp.MustCompile(`GetEnvironmentVariables\(|AddEnvironmentVariables\(|GetEnvironmentVariable\(\s*[^"\s]`),
		comment: "//",
	}
	elixir = language{
		asks:    regexp.MustCompile(`System\.(?:get_env|fetch_env!?)\(\s*"([A-Za-z_]\w*)"`),
		whole:   regexp.MustCompile(`System\.(?:get_env\(\)|get_env\(\s*[^"\s])`),
		comment: "#",
	}
	shell = language{
		asks:    regexp.MustCompile(`\$\{([A-Za-z_]\w*):?\?`),
		comment: "#",
	}
	settings = language{
		asks:    regexp.MustCompile(`\$\{([A-Z][A-Z0-9_]*)(?:[:?-][^}]*)?\}|%env\((?:\w+:)*([A-Za-z_]\w*)\)%`),
		comment: "#",
	}
)

// languages are by the extension of a file.
var languages = map[string]language{
	".js": script, ".jsx": script, ".mjs": script, ".cjs": script, ".ts": script, ".tsx": script, ".mts": script, ".cts": script,
	".vue": script, ".svelte": script, ".astro": script,
	".py": python, ".rb": ruby, ".erb": ruby, ".rake": ruby,
	".java": jvm, ".kt": jvm, ".kts": jvm, ".groovy": jvm, ".scala": jvm,
	".go": golang, ".rs": rust, ".php": php, ".cs": dotnet, ".fs": dotnet, ".vb": dotnet,
	".ex": elixir, ".exs": elixir, ".sh": shell, ".bash": shell,
	".yml": settings, ".yaml": settings, ".properties": settings,
}

// others are directories with the code of others, or with what is built.
var others = map[string]bool{"node_modules": true, "vendor": true, "dist": true, "build": true, "target": true, ".next": true, "venv": true, ".venv": true}

func isCode(name string) bool {
	if _, ok := languages[strings.ToLower(path.Ext(name))]; !ok {
		return false
	}
	for part := range strings.SplitSeq(path.Dir(name), "/") {
		if others[part] {
			return false
		}
	}
	return true
}

// hit is a name and the line where it stands.
type hit struct {
	name string
	line int
}

// any reports whether a text reads variables without their names.
func (l language) any(data []byte) bool {
	if l.lists != nil && l.lists.Match(data) {
		data = l.lists.ReplaceAll(data, nil)
	}
	return l.whole != nil && l.whole.Match(data)
}

// names returns the variables that a text asks for, in its order.
func (l language) names(data []byte) []hit {
	if l.asks == nil {
		return nil
	}
	var out []hit
	line, upTo := 1, 0
	add := func(at int, name string) {
		line += bytes.Count(data[upTo:at], []byte("\n"))
		upTo = at
		if !l.inComment(data, at) {
			out = append(out, hit{name, line})
		}
	}
	for _, m := range l.asks.FindAllSubmatchIndex(data, maxAsked) {
		for g := 2; g < len(m); g += 2 {
			if m[g] >= 0 {
				add(m[0], string(data[m[g]:m[g+1]]))
			}
		}
	}
	if l.lists == nil {
		return out
	}
	line, upTo = 1, 0
	for _, m := range l.lists.FindAllSubmatchIndex(data, maxAsked) {
		for part := range strings.SplitSeq(string(data[m[2]:m[3]]), ",") {
			if name := listed.FindString(part); name != "" {
				add(m[0], strings.TrimSpace(name))
			}
		}
	}
	return out
}

var listed = regexp.MustCompile(`^\s*[A-Za-z_]\w*`)

// inComment reports whether the line of a place begins as a comment.
func (l language) inComment(data []byte, at int) bool {
	start := bytes.LastIndexByte(data[:at], '\n') + 1
	text := bytes.TrimSpace(data[start:at])
	return bytes.HasPrefix(text, []byte(l.comment)) || l.comment == "//" && bytes.HasPrefix(text, []byte("*"))
}
