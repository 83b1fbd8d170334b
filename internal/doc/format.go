package doc

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
)

// Format is a format of documents.
type Format string

// The formats. Unknown is what Detect gives for anything else.
const (
	Unknown    Format = ""
	YAML       Format = "yaml"
	JSON       Format = "json"
	TOML       Format = "toml"
	INI        Format = "ini"
	Properties Format = "properties"
	Dotenv     Format = "dotenv"
)

// Formats lists the formats.
func Formats() []Format { return []Format{YAML, JSON, TOML, INI, Properties, Dotenv} }

// Valid reports whether f is one of the formats.
func (f Format) Valid() bool {
	switch f {
	case YAML, JSON, TOML, INI, Properties, Dotenv:
		return true
	}
	return false
}

// Detect tells the format of a file by its name, and where the name says
// nothing by the beginning of its content. Content decides only where it is
// plain: JSON by its first brace, YAML by its document marker.
func Detect(name string, head []byte) Format {
	if f := byName(name); f != Unknown {
		return f
	}
	if strings.Contains(path.Base(name), ".") {
		return Unknown
	}
	text := bytes.TrimSpace(trimBOM(head))
	switch {
	case bytes.HasPrefix(text, []byte("{\"")), bytes.HasPrefix(text, []byte("{\n")), bytes.HasPrefix(text, []byte("[{")):
		return JSON
	case bytes.HasPrefix(text, []byte("---\n")), bytes.HasPrefix(text, []byte("apiVersion:")):
		return YAML
	}
	return Unknown
}

// byName goes by the file's extension, and by the names that dotenv files have.
func byName(name string) Format {
	base := strings.ToLower(path.Base(name))
	switch path.Ext(base) {
	case ".yaml", ".yml":
		return YAML
	case ".json":
		return JSON
	case ".toml":
		return TOML
	case ".ini", ".cfg", ".cnf":
		return INI
	case ".properties":
		return Properties
	case ".env":
		return Dotenv
	}
	if base == ".env" || strings.HasPrefix(base, ".env.") || base == "env" || base == ".envrc" || envThenName(base) {
		return Dotenv
	}
	return Unknown
}

// envThenName reports whether a name is "env", a separator and a word for an
// environment, such as .env-prod, .env_staging or env.production.local; a
// program's file, such as env.ts or env.d.ts, is none.
func envThenName(base string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(base, "."), "env")
	if !ok || len(rest) < 2 || !strings.ContainsRune(".-_", rune(rest[0])) {
		return false
	}
	switch path.Ext(rest) {
	case "", ".local", ".example", ".sample", ".template", ".dist", ".defaults":
		return strings.HasPrefix(base, ".")
	default:
		return rest == path.Ext(rest) && len(rest) > 3 && !programs[rest[1:]]
	}
}

// programs are extensions of files that a name like env.EXT has, and that are
// no dotenv files.
var programs = map[string]bool{
	"astro": true, "bash": true, "conf": true, "cpp": true, "dart": true, "fish": true, "groovy": true, "html": true, "java": true,
	"json5": true, "jsonc": true, "json": true, "jsx": true, "lock": true, "mdx": true, "mjs": true, "cjs": true, "mts": true, "cts": true, "php": true, "rst": true,
	"scala": true, "swift": true, "tfvars": true, "tmpl": true, "tsx": true, "txt": true, "vue": true, "xml": true, "zsh": true,
}

// Parse reads input of the format and gives each of its documents to the
// function, as ParseYAML does. YAML and JSON may hold several documents; the
// others are one. Faults are *Error.
func Parse(f Format, r io.Reader, l Limits, each func(doc *Node, index int) error) error {
	if f == YAML {
		return ParseYAML(r, l, each)
	}
	l = l.filled()
	data, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	if f == JSON {
		return parseJSONStream(data, l, each)
	}
	parse, ok := map[Format]func([]byte, Limits) (*Node, error){
		TOML: ParseTOML, INI: ParseINI, Properties: ParseProperties, Dotenv: ParseDotenv,
	}[f]
	if !ok {
		return &Error{What: "is of no format that is known here"}
	}
	n, err := parse(data, l)
	if err != nil {
		return err
	}
	return each(n, 0)
}
