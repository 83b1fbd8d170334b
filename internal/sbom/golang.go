package sbom

import (
	"bytes"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"io"
	"runtime/debug"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

const golangType = "golang"

// goSum reads go.sum: every module whose content was ever weighed, which is
// more than what a binary holds.
func (l *list) goSum(data []byte) error {
	return l.lines(data, func(line int32, text string) {
		fields := strings.Fields(text)
		switch {
		case len(fields) == 0:
		case len(fields) != 3:
			l.fault(line, 1, "the line is not of the form: module version digest", "")
		case !strings.HasSuffix(fields[1], "/go.mod"):
			l.add(Component{PURL: splitPURL(golangType, fields[0], fields[1]), Hashes: goHash(fields[2]), Line: line, Col: 1})
		}
	}, nil)
}

// goHash reads Go's digest of a module, "h1:BASE64", which is a SHA-256.
func goHash(s string) []Hash {
	text, ok := strings.CutPrefix(s, "h1:")
	sum, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil {
		return nil
	}
	return appendHash(nil, "SHA-256", hex.EncodeToString(sum))
}

// goMod reads what go.mod requires, replaced as it says.
func (l *list) goMod(data []byte) error {
	m := &modReader{list: l, replaced: map[string][]string{}}
	err := l.lines(data, m.line, nil)
	for _, c := range m.required {
		l.add(m.effective(c))
	}
	return err
}

type modReader struct {
	list     *list
	block    string
	required []Component
	replaced map[string][]string // new path and version by "path" or "path version"
}

func (m *modReader) line(line int32, text string) {
	text, _, _ = strings.Cut(text, "//")
	fields := strings.Fields(text)
	for i := range fields {
		fields[i] = strings.Trim(fields[i], "\"`")
	}
	switch {
	case len(fields) == 0:
		return
	case m.block == "" && len(fields) == 2 && fields[1] == "(":
		m.block = fields[0]
		return
	case m.block != "" && fields[0] == ")":
		m.block = ""
		return
	}
	verb := m.block
	if verb == "" {
		verb, fields = fields[0], fields[1:]
	}
	switch verb {
	case "module":
		if len(fields) == 1 {
			m.list.Root = Component{PURL: splitPURL(golangType, fields[0], ""), Line: line, Col: 1}
		}
	case "require":
		if len(fields) != 2 {
			m.list.fault(line, 1, "the line is not of the form: require module version", "")
			return
		}
		m.required = append(m.required, Component{PURL: splitPURL(golangType, fields[0], fields[1]), Line: line, Col: 1})
	case "replace":
		m.replace(line, fields)
	}
}

func (m *modReader) replace(line int32, fields []string) {
	for i, f := range fields {
		if f == "=>" && (i == 1 || i == 2) && len(fields)-i <= 3 && len(fields)-i >= 2 {
			m.replaced[strings.Join(fields[:i], " ")] = fields[i+1:]
			return
		}
	}
	m.list.fault(line, 1, "the line is not of the form: replace module => module version", "")
}

// effective is what a required module is replaced by. A directory has no
// version.
func (m *modReader) effective(c Component) Component {
	path := c.PURL.Title()
	with := m.replaced[path+" "+c.PURL.Version]
	if with == nil {
		with = m.replaced[path]
	}
	switch len(with) {
	case 1:
		c.PURL.Version = ""
	case 2:
		c.PURL = splitPURL(golangType, with[0], with[1])
	}
	return c
}

func (l *list) goBinary(data []byte) error { return l.binary(bytes.NewReader(data)) }

// ParseBinary reads what Go keeps of its modules in an executable, of which it
// reads no more than it needs.
func ParseBinary(r io.ReaderAt, l Limits) (*Document, error) {
	x := &list{Document: Document{Format: GoBinary}, limits: l.filled()}
	if err := x.binary(r); err != nil {
		return nil, err
	}
	return x.finish()
}

func (l *list) binary(r io.ReaderAt) error {
	info, err := readBuildInfo(r)
	if err != nil {
		return &doc.Error{What: "is no executable that Go built, or its build information was taken out"}
	}
	l.Version = strings.TrimPrefix(info.GoVersion, "go")
	if info.Main.Path != "" {
		version := info.Main.Version
		if version == "(devel)" {
			version = ""
		}
		l.Root = Component{PURL: splitPURL(golangType, info.Main.Path, version)}
	}
	goVersion, _, _ := strings.Cut(l.Version, " ")
	l.add(Component{PURL: newPURL(golangType, "", "stdlib", goVersion), Scope: Runtime})
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c := Component{PURL: splitPURL(golangType, m.Path, m.Version), Scope: Runtime, Hashes: goHash(m.Sum)}
		if m.Version == "(devel)" || strings.HasPrefix(m.Path, ".") || strings.HasPrefix(m.Path, "/") {
			c.PURL.Version = ""
		}
		l.add(c)
	}
	return nil
}

// readBuildInfo turns a panic of the readers of executables into an error:
// their input is foreign.
func readBuildInfo(r io.ReaderAt) (info *debug.BuildInfo, err error) {
	defer func() {
		if recover() != nil {
			err = io.ErrUnexpectedEOF
		}
	}()
	return buildinfo.Read(r)
}
