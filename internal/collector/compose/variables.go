package compose

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
)

// variables are those that a Compose file is interpolated with. The
// environment of this process is none of them: it is not the one that Compose
// would run in.
type variables struct {
	values map[string]string
	// unset are those that were asked for in vain.
	unset map[string]bool
	// stand says what stands for one that is not set.
	stand standIn
}

// standIn is what stands for a variable that is not set.
type standIn uint8

const (
	byMark   standIn = iota // a mark with the variable's name
	byNumber                // a number that is a mark: where only a number can stand
	byBlank                 // nothing, as in Compose: the values are not told apart then
)

// A value that holds one of these came from a variable that is not set.
const (
	markOpen   = "\ue000"
	markClose  = "\ue001"
	markNumber = "60013"
)

func (v *variables) lookup(name string) (string, bool) {
	if text, ok := v.values[name]; ok {
		return text, true
	}
	v.unset[name] = true
	switch v.stand {
	case byMark:
		return markOpen + name + markClose, false
	case byNumber:
		return markNumber, false
	default:
		return "", false
	}
}

// substitute puts the values of variables into a text. One that is not set,
// and that the text has no default for, leaves a mark. more, which may be nil,
// knows the variables of an included file.
func (v *variables) substitute(text string, more template.Mapping) (string, error) {
	lookup := v.lookup
	if more != nil {
		lookup = func(name string) (string, bool) {
			if text, ok := more(name); ok {
				return text, true
			}
			return v.lookup(name)
		}
	}
	out, err := template.SubstituteWithOptions(text, lookup, template.WithoutLogging)
	var missing *template.MissingRequiredError
	if errors.As(err, &missing) {
		out, _ = v.lookup(missing.Variable)
		return out, nil
	}
	return out, err
}

// The name of a file is interpolated here, so only within these bounds; beyond
// them it is left as it is written, and names nothing that is there.
const (
	maxNameBytes   = 4096
	maxNameDollars = 32
)

// inName puts the values of variables into the name of a file.
func (v *variables) inName(name string) string {
	if len(name) > maxNameBytes || strings.Count(name, "$") > maxNameDollars {
		return name
	}
	long := false
	out, _ := v.substitute(name, func(variable string) (string, bool) {
		text, ok := v.values[variable]
		if len(text) > maxNameBytes {
			long = true
			return "", true
		}
		return text, ok
	})
	if long {
		return name
	}
	return out
}

// wholeMark returns the variable whose mark a text is, and nothing else; else
// an empty text.
func wholeMark(text string) string {
	name, opened := strings.CutPrefix(text, markOpen)
	name, closed := strings.CutSuffix(name, markClose)
	if !opened || !closed || strings.Contains(name, markOpen) {
		return ""
	}
	return name
}

// unknownIn says which variable a text would need, if it needs one.
func (v *variables) unknownIn(text string) (which string, ok bool) {
	if _, rest, ok := strings.Cut(text, markOpen); ok {
		which, _, _ = strings.Cut(rest, markClose)
		return "the variable " + which, true
	}
	if v.stand == byNumber && strings.Contains(text, markNumber) {
		return "a variable (one of " + v.names() + ")", true
	}
	return "", false
}

// variables reads the env files, later ones over earlier ones.
func (s *session) variables() error {
	s.env = &variables{values: map[string]string{}, unset: map[string]bool{}}
	files, err := s.envPlaces()
	if err != nil {
		return err
	}
	if err := s.env.read(s, files); err != nil {
		return err
	}
	for name, text := range s.cfg.Environment {
		s.env.values[name] = text
	}
	if s.cfg.Profiles == nil {
		if text, ok := s.env.values["COMPOSE_PROFILES"]; ok {
			s.cfg.Profiles = []string{}
			for name := range strings.SplitSeq(text, ",") {
				if name = strings.TrimSpace(name); name != "" {
					s.cfg.Profiles = append(s.cfg.Profiles, name)
				}
			}
		}
	}
	return nil
}

// read reads env files, later ones over earlier ones.
func (v *variables) read(s *session, files []place.Place) error {
	for _, p := range files {
		n, err := s.dotenv(p, func(name string) (string, bool) {
			text, ok := v.values[name]
			return text, ok
		})
		if err != nil {
			return err
		}
		for _, f := range n.Fields {
			if f.Value.Kind != doc.Null {
				v.values[f.Key] = f.Value.Text
			}
		}
	}
	return nil
}

// envPlaces returns the files with the variables of the project: .env beside
// the first Compose file, and over it that of the directory whose COMPOSE_FILE
// named it.
func (s *session) envPlaces() ([]place.Place, error) {
	if s.cfg.EnvFiles == nil {
		return s.besideEnv(s.dir, s.started), nil
	}
	var found []place.Place
	for _, name := range s.cfg.EnvFiles {
		p, err := s.in.Root.Resolve(name)
		if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, nil
}

// besideEnv returns the .env files of directories, each once.
func (s *session) besideEnv(dirs ...string) []place.Place {
	var found []place.Place
	for i, dir := range dirs {
		if dir == "" || slices.Contains(dirs[:i], dir) {
			continue
		}
		p := s.place()
		p.Path = path.Join(dir, ".env")
		if isThere(p) {
			found = append(found, p)
		}
	}
	return found
}

// dotenv parses a dotenv file. Its error is a parity.Error.
func (s *session) dotenv(p place.Place, lookup func(string) (string, bool)) (*doc.Node, error) {
	data, err := s.read(p, p.Path)
	if err == nil {
		var n *doc.Node
		if n, err = doc.ParseDotenvWith(data, s.limits(), lookup); err == nil {
			doc.StripSOPS(n)
			return n, nil
		}
	}
	return nil, fileError(err, p.Display(p.Path), "the env file cannot be read")
}

// read reads a whole file within the limit.
func (s *session) read(p place.Place, at string) ([]byte, error) {
	f, err := p.FS.Open(at)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, s.in.Limits.FileBytes+1))
	if err == nil && int64(len(data)) > s.in.Limits.FileBytes {
		return nil, &doc.Error{What: fmt.Sprintf("it is larger than %d bytes", s.in.Limits.FileBytes)}
	}
	return data, err
}

// fileError puts a parser's error into words that quote nothing.
func fileError(err error, display, what string) *parity.Error {
	out := &parity.Error{Code: parity.CodeConfig, Where: display, What: what}
	var e *doc.Error
	var pe *fs.PathError
	switch {
	case errors.As(err, &e):
		out.Where, out.What = e.In(display), what+": "+e.What
		if e.Locked() {
			out.Hint = doc.UnlockHint
		}
	case place.Refused(err) != nil:
		r := place.Refused(err)
		out.Where, out.What, out.Hint = r.Path, what+": "+r.What, r.Hint
	case errors.As(err, &pe):
		out.What = what + ": " + pe.Err.Error()
	}
	return out
}

// names lists the variables that are not set, for people.
func (v *variables) names() string {
	var all []string
	for name := range v.unset {
		all = append(all, name)
	}
	slices.Sort(all)
	if len(all) > 8 {
		all = append(all[:8], "and others")
	}
	return strings.Join(all, ", ")
}
