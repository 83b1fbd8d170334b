package process

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

var procfileLine = regexp.MustCompile(`^([A-Za-z0-9_-]+):\s*(.+)$`)

// readProcfile reads a process type of each line.
func readProcfile(f *file, data []byte) error {
	for i, line := range lines(data) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		m := procfileLine.FindStringSubmatch(line)
		if m == nil {
			return &doc.Error{Line: int32(i + 1), What: "a line is not NAME: COMMAND"}
		}
		s := f.subject(processKind, m[1], i+1)
		s.text("/command", strings.Join(strings.Fields(m[2]), " "), i+1)
		s.done()
	}
	return nil
}

// versionFiles are files that hold the version of one tool.
var versionFiles = map[string]string{
	".nvmrc": "nodejs", ".node-version": "nodejs", ".python-version": "python", ".ruby-version": "ruby",
	".java-version": "java", ".terraform-version": "terraform", ".go-version": "golang",
}

// toolNames are other names of tools.
var toolNames = map[string]string{"node": "nodejs", "go": "golang"}

func toolName(name string) string {
	if other := toolNames[name]; other != "" {
		return other
	}
	return name
}

// readTools reads the versions of tools that one file pins.
func readTools(f *file, data []byte) error {
	base := path.Base(f.place.Path)
	s := f.subject(toolsKind, strings.TrimPrefix(base, "."), 1)
	if base == "package.json" {
		return readEngines(f, s, data)
	}
	for i, line := range lines(data) {
		line, _, _ = strings.Cut(line, "#")
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case base == "go.mod":
			if len(words) == 2 && (words[0] == "go" || words[0] == "toolchain") {
				s.text("/"+words[0], words[1], i+1)
			}
		case versionFiles[base] != "":
			s.text("/"+versionFiles[base], strings.TrimPrefix(words[0], versionFiles[base]+"-"), i+1)
		case len(words) < 2:
			return &doc.Error{Line: int32(i + 1), What: "a line is not NAME VERSION"}
		default:
			s.text("/"+toolName(words[0]), strings.Join(words[1:], " "), i+1)
		}
	}
	s.done()
	return nil
}

// readEngines reads what package.json says of the tools that it needs.
func readEngines(f *file, s *subject, data []byte) error {
	return doc.Parse(doc.JSON, bytes.NewReader(data), f.limits(), func(n *doc.Node, _ int) error {
		if engines := n.Get("engines"); engines != nil {
			for _, x := range engines.Fields {
				s.text("/"+toolName(x.Key), x.Value.Text, int(x.Value.Line))
			}
		}
		if manager := n.Get("packageManager").Str(); manager != "" {
			s.text("/packageManager", manager, int(n.Get("packageManager").Line))
		}
		s.done()
		return nil
	})
}

// lines are the lines of a text without their ends.
func lines(data []byte) []string {
	text := strings.TrimPrefix(string(data), "\ufeff")
	out := strings.Split(text, "\n")
	for i := range out {
		out[i] = strings.TrimSuffix(out[i], "\r")
	}
	return out
}

// unitWords are the keys of a unit whose value is a list of words.
var unitWords = []string{"After", "Before", "Wants", "Requires", "BindsTo", "PartOf", "Conflicts", "WantedBy", "RequiredBy", "Also"}

// readUnit reads a systemd unit and the drop-ins that lie over it.
func readUnit(f *file, data []byte) error {
	s := f.subject(unitKind, path.Base(f.place.Path), 1)
	if err := s.unit(data); err != nil {
		return err
	}
	dir := f.place.Path + ".d"
	for _, name := range dropIns(f, dir) {
		p := f.place
		p.Path = path.Join(dir, name)
		text, err := p.Read(f.in.Limits.FileBytes)
		if err == nil {
			over := *f
			over.place = p
			over.origin = originOf(p)
			own := s.f
			s.f = &over
			err = s.unit(text)
			s.f = own
		}
		if err != nil {
			s.gap("", "a drop-in cannot be read", "correct "+p.Show(), 1)
		}
	}
	s.done()
	return nil
}

// unit puts the lines of a unit over what is there.
func (s *subject) unit(data []byte) error {
	section, before := "", ""
	for i, line := range lines(data) {
		line = before + strings.TrimSpace(line)
		if before = ""; line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if text, more := strings.CutSuffix(line, "\\"); more {
			before = strings.TrimSpace(text) + " "
			continue
		}
		if line[0] == '[' && strings.HasSuffix(line, "]") {
			section = line[1 : len(line)-1]
			continue
		}
		key, text, ok := strings.Cut(line, "=")
		if key = strings.TrimSpace(key); !ok || key == "" || section == "" {
			return &doc.Error{Line: int32(i + 1), What: "a line is neither [SECTION] nor KEY=VALUE"}
		}
		s.setting(section, key, strings.TrimSpace(text), i+1)
	}
	return nil
}

// setting puts one setting of a unit. An empty one takes away those before.
func (s *subject) setting(section, key, text string, line int) {
	at := "/" + section + "/" + key
	switch {
	case text == "":
		prefix := at
		if key == "Environment" {
			prefix = "/environment["
		}
		s.drop(prefix)
	case key == "Environment":
		for _, word := range shellWords(text) {
			name, raw, _ := strings.Cut(word, "=")
			s.variable(name, raw, line)
		}
	case key == "EnvironmentFile":
		s.member(at, text, line)
	case slices.Contains(unitWords, key):
		for _, word := range strings.Fields(text) {
			s.member(at, word, line)
		}
	case strings.HasPrefix(key, "ExecStartP") || strings.HasPrefix(key, "ExecStop"):
		s.member(at, text, line)
	default:
		s.text(at, text, line)
	}
}

// drop takes the facts below a path away.
func (s *subject) drop(prefix string) {
	s.facts = slices.DeleteFunc(s.facts, func(f fact) bool {
		return f.Path == prefix || strings.HasPrefix(f.Path, strings.TrimSuffix(prefix, "[")+"[")
	})
	clear(s.at)
	for i := range s.facts {
		s.at[s.facts[i].Path] = i
	}
}

// shellWords cuts a text at blanks that are not within quotes, and takes the
// quotes off.
func shellWords(text string) []string {
	var out []string
	var b strings.Builder
	quote, inWord := byte(0), false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && quote != '\'' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
			inWord = true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, inWord = c, true
		case quote == 0 && (c == ' ' || c == '\t'):
			if inWord {
				out = append(out, b.String())
				b.Reset()
			}
			inWord = false
		default:
			b.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		out = append(out, b.String())
	}
	return out
}
