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

// Valid tells whether f is one of the formats.
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
	if base == ".env" || strings.HasPrefix(base, ".env.") || base == "env" {
		return Dotenv
	}
	return Unknown
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
