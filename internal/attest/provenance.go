package attest

import (
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// Provenance is SLSA provenance: how, from what and by whom something was
// built.
type Provenance struct {
	// Version is 0.2 or 1.
	Version   string
	BuilderID string
	BuildType string
	Source    Source
	// Parameters are those that the caller gave ("external") and those that
	// the builder set ("internal", "environment"), under these names.
	Parameters []Parameters
	// Materials are what went into the build, the source among them.
	Materials []Material
	// InvocationID, Started and Finished are of the one run.
	InvocationID, Started, Finished string
}

// Source is what was built.
type Source struct {
	// Repository is its address without a reference.
	Repository string
	Ref        string
	Commit     string
	// Path is the file in it that says how to build: a workflow, a Dockerfile.
	Path string
}

// Parameters is one tree of parameters.
type Parameters struct {
	Name string
	Node *doc.Node
}

// Material is one thing that went into a build.
type Material struct {
	URI     string
	Name    string
	Digests []Digest
	Line    int32
	Col     int32
}

func provenance02(n *doc.Node) *Provenance {
	invocation, metadata := n.Get("invocation"), n.Get("metadata")
	p := &Provenance{
		Version: "0.2", BuilderID: n.At("builder", "id").Str(), BuildType: n.Get("buildType").Str(),
		InvocationID: first(metadata, "buildInvocationID", "buildInvocationId"),
		Started:      first(metadata, "buildStartedOn"), Finished: first(metadata, "buildFinishedOn"),
		Materials: materials(n.Get("materials")),
	}
	p.parameters("external", invocation.Get("parameters"))
	p.parameters("environment", invocation.Get("environment"))
	config := invocation.Get("configSource")
	p.source(config, config.Get("digest"))
	p.Source.Path = config.Get("entryPoint").Str()
	p.vcs(metadata.At("https://mobyproject.org/buildkit@v1#metadata", "vcs"))
	p.fromMaterials()
	return p
}

func provenance1(n *doc.Node) *Provenance {
	definition, run := n.Get("buildDefinition"), n.Get("runDetails")
	metadata := run.Get("metadata")
	p := &Provenance{
		Version: "1", BuilderID: run.At("builder", "id").Str(), BuildType: definition.Get("buildType").Str(),
		InvocationID: first(metadata, "invocationId", "invocationID"),
		Started:      first(metadata, "startedOn"), Finished: first(metadata, "finishedOn"),
		Materials: materials(definition.Get("resolvedDependencies")),
	}
	external := definition.Get("externalParameters")
	p.parameters("external", external)
	p.parameters("internal", definition.Get("internalParameters"))
	if w := external.Get("workflow"); w != nil {
		p.Source = Source{Repository: repository(w.Get("repository").Str()), Ref: w.Get("ref").Str(), Path: w.Get("path").Str()}
	}
	if s := external.Get("source"); s != nil && s.Kind == doc.String {
		p.Source.Repository, p.Source.Path = repository(s.Text), external.Get("entryPoint").Str()
	}
	if c := external.Get("configSource"); c != nil {
		p.source(c, c.Get("digest"))
		p.Source.Path = c.Get("path").Str()
	}
	p.vcs(metadata.At("buildkit_metadata", "vcs"))
	p.fromMaterials()
	return p
}

func first(n *doc.Node, keys ...string) string {
	for _, k := range keys {
		if s := n.Get(k).Str(); s != "" {
			return s
		}
	}
	return ""
}

func (p *Provenance) parameters(name string, n *doc.Node) {
	if n != nil && n.Kind == doc.Map && len(n.Fields) > 0 {
		p.Parameters = append(p.Parameters, Parameters{name, n})
	}
}

func materials(n *doc.Node) []Material {
	var all []Material
	for _, m := range items(n) {
		all = append(all, Material{
			URI: m.Get("uri").Str(), Name: m.Get("name").Str(), Digests: digests(m.Get("digest")), Line: m.Line, Col: m.Col,
		})
	}
	return all
}

// source takes the source from where its address and digest stand.
func (p *Provenance) source(n, digest *doc.Node) {
	uri := n.Get("uri").Str()
	if uri == "" {
		return
	}
	p.Source.Repository, p.Source.Ref = splitRef(uri)
	p.Source.Commit = commitOf(digests(digest))
}

// vcs takes what a builder found out of the working copy that it was given.
func (p *Provenance) vcs(n *doc.Node) {
	if p.Source.Repository == "" {
		p.Source.Repository = repository(n.Get("source").Str())
	}
	if p.Source.Commit == "" {
		p.Source.Commit = strings.TrimSuffix(n.Get("revision").Str(), "-dirty")
	}
}

// fromMaterials finds the commit among what went into the build: that of the
// known repository, else of the first that is under version control.
func (p *Provenance) fromMaterials() {
	if p.Source.Commit != "" {
		return
	}
	for _, same := range []bool{true, false} {
		for _, m := range p.Materials {
			repo, ref := splitRef(m.URI)
			commit := commitOf(m.Digests)
			if commit == "" || repo == "" || same && repo != p.Source.Repository || !same && !underVersionControl(m) {
				continue
			}
			p.Source.Commit = commit
			if p.Source.Repository == "" {
				p.Source.Repository = repo
			}
			if p.Source.Ref == "" {
				p.Source.Ref = ref
			}
			return
		}
	}
}

func underVersionControl(m Material) bool {
	if strings.HasPrefix(m.URI, "git+") || strings.HasSuffix(m.URI, ".git") {
		return true
	}
	for _, d := range m.Digests {
		if d.Algorithm == "gitCommit" {
			return true
		}
	}
	return false
}

// commitOf gives the digest that is a commit's.
func commitOf(all []Digest) string {
	for _, algorithm := range []string{"gitCommit", "sha1", "sha256"} {
		for _, d := range all {
			if d.Algorithm == algorithm {
				return d.Value
			}
		}
	}
	return ""
}

// splitRef takes an address like git+https://host/a/b@refs/heads/main apart.
func splitRef(uri string) (repo, ref string) {
	if i := strings.LastIndexByte(uri, '@'); i > strings.Index(uri, "://")+2 && i > 0 && strings.Contains(afterAuthority(uri[:i]), "/") {
		uri, ref = uri[:i], uri[i+1:]
	} else if before, after, ok := strings.Cut(uri, "#"); ok {
		uri, ref = before, after
	}
	return repository(uri), ref
}

// afterAuthority is what follows the scheme.
func afterAuthority(uri string) string {
	if _, rest, ok := strings.Cut(uri, "://"); ok {
		return rest
	}
	return uri
}

// repository is a repository's address as people write it.
func repository(uri string) string {
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(uri, "git+"), "/"), ".git")
}
