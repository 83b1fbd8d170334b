package compose

import (
	"errors"
	"path"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/render"
)

// libraryVersion is that of the module this is built with; a test compares.
const libraryVersion = "v2.16.2"

// load gives the merged and interpolated model of the files, in the long form
// of the Compose specification.
func (s *session) load() (map[string]any, error) {
	s.out.Tool("compose-go", libraryVersion)
	g := &graph{s: s, seen: map[string]bool{}}
	defer g.close()
	texts := make([][]byte, len(s.files))
	for i, p := range s.files {
		text, err := g.file(p.Path, s.dir)
		if err != nil {
			return nil, err
		}
		texts[i] = text
	}
	model, err := s.model(g, texts)
	if err == nil || s.final(err) || len(s.env.unset) == 0 {
		return model, s.wrap(err)
	}
	// A number, a port or a time may have needed a variable.
	for _, s.env.stand = range []standIn{byNumber, byBlank} {
		if model, err = s.model(g, texts); err == nil || s.final(err) {
			break
		}
	}
	if err != nil {
		return nil, s.wrap(err)
	}
	if s.env.stand == byBlank {
		s.out.Gap(parity.Gap{
			Where:  s.display(s.files[0].Path),
			Reason: "variables are not set, and what needs them is unknown: " + s.env.names(),
			Hint:   "set them under environment, or in an env file",
		})
	}
	return model, nil
}

// final reports whether to try again is no use.
func (s *session) final(err error) bool { return s.ctx.Err() != nil || render.Exceeded(err) }

// model has the files merged and interpolated, apart.
func (s *session) model(g *graph, texts [][]byte) (map[string]any, error) {
	job := loadJob{dir: g.name(s.dir), project: s.project(), env: *s.env, nodes: s.in.Limits.Nodes}
	for i, p := range s.files {
		job.files = append(job.files, types.ConfigFile{Filename: g.name(p.Path), Content: texts[i]})
	}
	out, err := s.renderer.Render(s.ctx, render.Job{Task: loadTask, Request: job.encode(), Limits: s.in.Limits.Render})
	if err != nil {
		return nil, err
	}
	done, err := decodeLoaded(out)
	if err != nil {
		return nil, err
	}
	for _, name := range done.unset {
		s.env.unset[name] = true
	}
	if done.fault != "" {
		return nil, fault(done.fault)
	}
	return done.model, nil
}

// project is the name of the project as Compose would have it.
func (s *session) project() string {
	for _, name := range []string{s.cfg.Project, s.env.values["COMPOSE_PROJECT_NAME"], s.declaredName(), path.Base(s.dir)} {
		if name = loader.NormalizeProjectName(name); name != "" {
			return name
		}
	}
	return "project"
}

func (s *session) declaredName() string {
	name := ""
	for i := range s.files {
		if n := s.named[i].docs[0].Get("name").Str(); n != "" && !strings.Contains(n, "$") {
			name = n
		}
	}
	return name
}

// wrap says in words of our own why the library gave up: its errors quote what
// it read.
func (s *session) wrap(err error) error {
	if err == nil || s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	out := &parity.Error{
		Code: parity.CodeConfig, Where: s.display(s.files[0].Path),
		What: "the Compose files cannot be loaded", Hint: "docker compose config tells more",
	}
	var bound *parity.Error
	if errors.As(err, &bound) {
		out.Code, out.Hint = bound.Code, bound.Hint
		out.What += ": " + bound.What
		return out
	}
	text := err.Error()
	for _, known := range []struct{ sign, what string }{
		{"cycle detected", "one of them includes itself"},
		{"Circular reference", "a service extends itself"},
		{"cannot extend service", "a service extends one that is not there"},
		{"empty compose file", "they hold nothing"},
		{"Invalid template", "a variable is written in a way that Compose does not know"},
		{"invalid interpolation format", "a variable is written in a way that Compose does not know"},
		{"failed to cast to expected type", "a variable gives text where a number or a yes or no is needed"},
		{"excessive aliasing", "the aliases in one of them expand to too much"},
		{"max node visits", "the aliases in one of them expand to too much"},
		{"additional properties", "there is a key that Compose does not know"},
		{"validating ", "something in them is not of the form that Compose expects"},
	} {
		if strings.Contains(text, known.sign) {
			out.What += ": " + known.what + s.at(text)
			break
		}
	}
	if len(s.env.unset) > 0 {
		out.Hint = "these variables are not set: " + s.env.names() + "; set them under environment, or in an env file"
	}
	return out
}

// at gives the place in the model that an error names, if it is one that the
// files have.
func (s *session) at(text string) string {
	for _, src := range s.sources() {
		for _, section := range []string{"services", "networks", "volumes", "secrets", "configs"} {
			n := src.docs[0].Get(section)
			if n == nil {
				continue
			}
			for _, f := range n.Fields {
				name := section + "." + f.Key
				if strings.Contains(text, name+" ") || strings.Contains(text, name+".") {
					return ", in " + name
				}
			}
		}
	}
	return ""
}

type fault string

func (f fault) Error() string { return string(f) }

// guard turns a panic of a library into an error.
func guard(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = fault("the library that reads this failed on it")
		}
	}()
	return f()
}
