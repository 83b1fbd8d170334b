package manifests

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/envparity/parity/internal/doc"
)

// repositories keeps what the files of a repository say of it, for the sources
// of one run: each would have to look through all of it.
type repositories struct {
	mu  sync.Mutex
	now time.Time
	by  map[string]*repository
}

// repository is what the files of a repository say of it.
type repository struct {
	// flux are the directories that Flux Kustomizations build.
	flux []string
	// fluxForms are those that Flux builds by paths with variables in them, each
	// of which stands for one name or several.
	fluxForms []*regexp.Regexp
	// urls counts, by URL in one spelling, the files that name it; a file that
	// names it together with a path that is there counts for many.
	urls map[string]int
	// clusters are the Secrets that tell Argo CD of its clusters.
	clusters []*doc.Node
	own      string // the URL that most files mean by this repository
	// sources counts, by name, the Flux Kustomizations that build a path that is
	// there; source is the one that most of them name.
	sources map[string]int
	source  string
}

// Bounds of the search through a repository.
const (
	maxSearchedFiles = 20_000
	maxSearchedFile  = 256 << 10
	maxFluxForms     = 1_000
)

// fluxReads reports whether a Kustomization of Flux in the same repository builds
// the directory. Flux builds with no restriction on which files of a repository
// a kustomization may name, where kustomize itself has one.
func (s *session) fluxReads(dir string) bool {
	found := s.repository()
	return slices.ContainsFunc(found.flux, func(at string) bool { return holds(at, dir) }) ||
		slices.ContainsFunc(found.fluxForms, func(form *regexp.Regexp) bool { return form.MatchString(dir) })
}

// fluxVariable is a variable of Flux's postBuild substitution.
var fluxVariable = regexp.MustCompile(`\$\{[^}]*\}`)

// fluxFormOf returns what matches the directories at or below a path with variables.
// A path that begins with one says too little.
func fluxFormOf(at string) (*regexp.Regexp, bool) {
	literals := fluxVariable.Split(at, -1)
	if len(literals) < 2 || !strings.Contains(literals[0], "/") {
		return nil, false
	}
	for i := range literals {
		literals[i] = regexp.QuoteMeta(literals[i])
	}
	return regexp.MustCompile("^" + strings.Join(literals, ".+") + "(/|$)"), true
}

// repository looks through the repository that holds the place, once a run.
func (s *session) repository() *repository {
	top := s.top()
	all, key := &s.shared.repositories, s.place.Display(top)
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.by == nil || !all.now.Equal(s.in.Now) {
		all.by, all.now = map[string]*repository{}, s.in.Now
	}
	found := all.by[key]
	if found == nil {
		found = s.search(top)
		all.by[key] = found
	}
	return found
}

// search looks through the files below a directory.
func (s *session) search(top string) *repository {
	found := &repository{urls: map[string]int{}, sources: map[string]int{}}
	files := 0
	var visit func(dir string, depth int)
	visit = func(dir string, depth int) {
		entries, err := fs.ReadDir(s.place.FS, dir)
		if err != nil {
			return // what cannot be read says nothing
		}
		for _, e := range entries {
			at := path.Join(dir, e.Name())
			switch {
			case s.ctx.Err() != nil || files > maxSearchedFiles:
				return
			case e.IsDir() && !hidden(e.Name()) && depth < maxTreeDepth:
				visit(at, depth+1)
			case e.Type().IsRegular() && isManifestName(at):
				files++
				if data, err := s.readFile(at, maxSearchedFile); err == nil {
					s.searchFile(found, top, data)
				}
			}
		}
	}
	visit(top, 0)
	found.own = mostNamed(found.urls, minNamed)
	found.source = mostNamed(found.sources, 1)
	return found
}

const (
	fluxGroup    = "kustomize.toolkit.fluxcd.io/"
	clusterLabel = "argocd.argoproj.io/secret-type"
)

// countSource counts a source of a Kustomization whose path is there. A patch of
// a Kustomization names none.
func (r *repository) countSource(name string) {
	if name != "" {
		r.sources[name]++
	}
}

func (s *session) searchFile(found *repository, top string, text []byte) {
	flux, cluster := bytes.Contains(text, []byte(fluxGroup)), bytes.Contains(text, []byte(clusterLabel))
	if bytes.Contains(text, []byte("repoURL")) {
		s.countURLs(found, top, text)
	}
	if !flux && !cluster {
		return
	}
	_ = doc.ParseYAML(bytes.NewReader(text), s.limits(), func(n *doc.Node, _ int) error {
		switch {
		case isFluxKustomization(n):
			// One that builds all of a repository may mean another one.
			at, ok := within(top, strings.TrimLeft(n.At("spec", "path").Str(), "/"))
			name := n.At("spec", "sourceRef", "name").Str()
			switch form, variable := fluxFormOf(at); {
			case !ok || at == top:
			case variable && isDir(s.place.FS, path.Dir(at[:strings.Index(at, "${")]+"x")):
				if len(found.fluxForms) < maxFluxForms {
					found.fluxForms = append(found.fluxForms, form)
				}
				found.countSource(name)
			case isDir(s.place.FS, at):
				found.flux = append(found.flux, at)
				found.countSource(name)
			}
		case n.Get("kind").Str() == "Secret" && n.At("metadata", "labels", clusterLabel).Str() == "cluster":
			found.clusters = append(found.clusters, n)
		}
		return nil
	})
}

func isFluxKustomization(n *doc.Node) bool {
	return n.Get("kind").Str() == "Kustomization" && strings.HasPrefix(n.Get("apiVersion").Str(), fluxGroup)
}

var sourceKey = regexp.MustCompile(`^([ \t]*(?:- +)?)["']?(repoURL|path)["']?:[ \t]*["']?([^\s"'{}#,*]+)`)

// A URL is taken for that of the repository itself if a path that it is named
// with is there, or else if as many files name it as these.
const (
	pathCounts = 1000
	minNamed   = 3
)

// sourceLine is a line of a file that says where something comes from.
type sourceLine struct {
	column int
	key    string
	value  string
}

// countURLs counts the repositories that a file names together with a path that
// is there. The text of templates is read as well, so that it need not be YAML.
func (s *session) countURLs(found *repository, top string, text []byte) {
	seen := map[string]bool{}
	var block []sourceLine // of one map
	flush := func() {
		url, there := "", false
		for _, l := range block {
			if l.key == "repoURL" {
				url = repositoryName(l.value)
				continue
			}
			at, ok := within(top, strings.Trim(l.value, "/"))
			there = there || ok && at != top && isDir(s.place.FS, at)
		}
		if url != "" && there && !seen[url+" there"] {
			seen[url+" there"] = true
			found.urls[url] += pathCounts
		}
		if url != "" && !seen[url] {
			seen[url] = true
			found.urls[url]++
		}
		block = block[:0]
	}
	for line := range bytes.Lines(text) {
		body := bytes.TrimLeft(line, " \t")
		column := len(line) - len(body)
		rest := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("-")), " ")
		item := len(rest) < len(body) && bytes.HasPrefix(body, []byte("- "))
		if item {
			column = len(line) - len(rest)
		}
		if len(block) > 0 && len(bytes.TrimSpace(body)) > 0 && (column < block[0].column || item && column == block[0].column) {
			flush()
		}
		m := sourceKey.FindSubmatch(line)
		if m != nil && len(block) > 0 && column > block[0].column && string(m[2]) != "path" {
			continue
		}
		if m != nil {
			block = append(block, sourceLine{column, string(m[2]), string(m[3])})
		}
	}
	flush()
}

// repositoryName writes the URL of a repository in one spelling, whichever
// protocol it is for.
func repositoryName(url string) string {
	name := strings.ToLower(strings.TrimSpace(url))
	_, after, scheme := strings.Cut(name, "://")
	if scheme {
		name = after
	}
	if user, after, ok := strings.Cut(name, "@"); ok && !strings.Contains(user, "/") {
		name = after
	}
	if !scheme {
		name = strings.Replace(name, ":", "/", 1)
	}
	return strings.TrimSuffix(strings.TrimRight(name, "/"), ".git")
}

// isOwn reports whether a URL means the repository that holds the place: no
// other one is named in as many files together with a path that is there or, if
// there is none, in as many files.
func (s *session) isOwn(url string) bool {
	repo := s.repository()
	own := repo.own
	if met := mostNamed(s.seen.urls, 1); met != "" && repo.urls[own] < pathCounts {
		own = met // no file says it, but what templates made does
	}
	return own != "" && repositoryName(url) == own
}

// countSources counts the repositories that an Application names together with a
// path that is there.
func (s *session) countSources(app *doc.Node) {
	for _, src := range sourcesOf(app.Get("spec")) {
		at, ok := s.inRepository(src.Get("path").Str())
		if url := src.Get("repoURL").Str(); url != "" && src.Get("path").Str() != "" && ok && at != s.top() && isDir(s.place.FS, at) {
			s.seen.urls[repositoryName(url)]++
		}
	}
}

// mostNamed returns the URL that is counted most often, if that is not less than
// least.
func mostNamed(urls map[string]int, least int) string {
	own, most := "", least-1
	for url, n := range urls {
		if n > most || n == most && own != "" && url < own {
			own, most = url, n
		}
	}
	return own
}
