package process

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// instruction is one instruction of a Dockerfile.
type instruction struct {
	word, rest string
	line       int
}

var heredoc = regexp.MustCompile(`<<-?["']?([A-Za-z_][A-Za-z0-9_]*)["']?`)

// instructions cuts a Dockerfile into its instructions. Continued lines are
// joined; the texts of here-documents are left out.
func instructions(data []byte) ([]instruction, error) {
	var out []instruction
	text, start, ends := "", 0, []string(nil)
	escape := "\\"
	for i, line := range lines(data) {
		trimmed := strings.TrimSpace(line)
		switch {
		case len(ends) > 0:
			if trimmed == ends[0] {
				ends = ends[1:]
			}
			continue
		case strings.HasPrefix(trimmed, "#"):
			if key, v, ok := strings.Cut(strings.TrimSpace(trimmed[1:]), "="); ok && len(out) == 0 && text == "" && strings.TrimSpace(key) == "escape" && strings.TrimSpace(v) == "`" {
				escape = "`"
			}
			continue
		case trimmed == "":
			continue
		case text == "":
			start = i + 1
		}
		if part, more := strings.CutSuffix(trimmed, escape); more {
			text += part + " "
			continue
		}
		word, rest, _ := strings.Cut(text+trimmed, " ")
		text = ""
		if word = strings.ToUpper(word); !instructionWords[word] {
			return nil, &doc.Error{Line: int32(start), What: "a line begins with no instruction of a Dockerfile"}
		}
		if word == "RUN" || word == "COPY" || word == "ADD" {
			for _, m := range heredoc.FindAllStringSubmatch(rest, 16) {
				ends = append(ends, m[1])
			}
		}
		out = append(out, instruction{word, strings.TrimSpace(rest), start})
	}
	return out, nil
}

var instructionWords = map[string]bool{
	"FROM": true, "ARG": true, "ENV": true, "USER": true, "EXPOSE": true, "HEALTHCHECK": true, "ENTRYPOINT": true, "CMD": true,
	"WORKDIR": true, "STOPSIGNAL": true, "RUN": true, "COPY": true, "ADD": true, "LABEL": true, "VOLUME": true, "SHELL": true,
	"ONBUILD": true, "MAINTAINER": true,
}

// readDockerfile reads what a Dockerfile builds from, and how the last stage
// runs.
func readDockerfile(f *file, data []byte) error {
	all, err := instructions(data)
	if err != nil {
		return err
	}
	s := f.subject(buildKind, path.Base(f.place.Path), 1)
	args, stages, stage := map[string]string{}, map[string]bool{}, 0
	last := 0
	for i, x := range all {
		if x.word == "FROM" {
			last = i
		}
	}
	for i, x := range all {
		switch {
		case x.word == "FROM":
			s.from(x, stage, args, stages)
			stage++
		case x.word == "ARG":
			s.arg(x, args, stage == 0)
		case i > last:
			s.run(x)
		}
	}
	s.done()
	return nil
}

// from reads the base image of a stage. Another stage is none.
func (s *subject) from(x instruction, index int, args map[string]string, stages map[string]bool) {
	var words []string
	for _, w := range strings.Fields(x.rest) {
		if !strings.HasPrefix(w, "--") {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return
	}
	name := strconv.Itoa(index)
	if len(words) == 3 && strings.EqualFold(words[1], "as") {
		name = strings.ToLower(words[2])
	}
	base := stages[strings.ToLower(words[0])]
	stages[name] = true
	if base {
		return
	}
	at := "/from[stage=" + name + "]"
	image, missing := expand(words[0], args)
	if missing != "" {
		s.gap(at, "the base image needs the argument "+missing+", which has no default", "give it a default in the Dockerfile", x.line)
		return
	}
	s.image(at, image, x.line)
}

var argument = regexp.MustCompile(`\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))`)

// expand puts arguments into a text; missing is one that has no value.
func expand(text string, args map[string]string) (out, missing string) {
	out = argument.ReplaceAllStringFunc(text, func(ref string) string {
		m := argument.FindStringSubmatch(ref)
		name := m[1] + m[3]
		if v, ok := args[name]; ok {
			return v
		}
		if strings.Contains(ref, "-") {
			return m[2]
		}
		missing = name
		return ref
	})
	return out, missing
}

// arg reads arguments; those before the first stage go into base images.
func (s *subject) arg(x instruction, args map[string]string, global bool) {
	for _, word := range shellWords(x.rest) {
		name, text, set := strings.Cut(word, "=")
		if !set {
			continue
		}
		if global {
			args[name] = text
		}
		s.text("/args/"+name, text, x.line)
	}
}

// run reads an instruction of the stage that runs.
func (s *subject) run(x instruction) {
	switch x.word {
	case "ENV":
		words := shellWords(x.rest)
		if len(words) > 0 && !strings.Contains(words[0], "=") {
			name, text, _ := strings.Cut(x.rest, " ")
			s.variable(name, strings.TrimSpace(text), x.line)
			return
		}
		for _, word := range words {
			name, text, _ := strings.Cut(word, "=")
			s.variable(name, text, x.line)
		}
	case "EXPOSE":
		for _, port := range strings.Fields(x.rest) {
			if !strings.Contains(port, "/") {
				port += "/tcp"
			}
			s.member("/ports", port, x.line)
		}
	case "USER", "WORKDIR", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD":
		s.text("/"+strings.ToLower(x.word), strings.Join(strings.Fields(x.rest), " "), x.line)
	}
}
