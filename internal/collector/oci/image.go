package oci

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// errBroken says that what was read is not what it says it is.
var errBroken = errors.New("the answer is broken")

// image is what was read of one image.
type image struct {
	wanted
	digest    string
	mediaType string
	// platforms are the runnable parts of an index, or the one of a manifest.
	platforms []platformManifest
	isIndex   bool
	// manifest is the one that was looked into; configDigest and config are
	// its own.
	manifest *v1.Manifest
	config   *configFile
	attached attached
	// whole is why nothing could be read; inside and attachedFailure why a
	// part could not.
	whole, inside *failure
}

type platformManifest struct{ platform, digest string }

// configFile is what an image's configuration says, as far as it is looked at.
type configFile struct {
	Created      *time.Time `json:"created"`
	OS           string     `json:"os"`
	Architecture string     `json:"architecture"`
	Variant      string     `json:"variant"`
	Config       struct {
		User         string              `json:"User"`
		WorkingDir   string              `json:"WorkingDir"`
		Env          []string            `json:"Env"`
		Entrypoint   []string            `json:"Entrypoint"`
		Cmd          []string            `json:"Cmd"`
		ExposedPorts map[string]struct{} `json:"ExposedPorts"`
		Volumes      map[string]struct{} `json:"Volumes"`
		Labels       map[string]string   `json:"Labels"`
	} `json:"config"`
}

// session is the reading of one image.
type session struct {
	*reader
	ref    name.Reference
	puller *remote.Puller
	found  *image
}

// read reads one image, within its time.
func (r *reader) read(ctx context.Context, w wanted) image {
	found := image{wanted: w}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	ref, err := r.reference(w.ref)
	if err != nil {
		found.whole = &failure{what: "this is no reference of an image", hint: "write registry/repository:tag or registry/repository@digest"}
		return found
	}
	s := &session{reader: r, ref: ref, found: &found}
	if s.puller, err = r.puller(); err == nil {
		err = s.top(ctx)
	}
	if err != nil {
		f := r.failed(ctx, err, ref)
		found.whole = &f
		return found
	}
	if err := s.contents(ctx); err != nil {
		f := r.failed(ctx, err, ref)
		found.inside = &f
	}
	if r.attached {
		s.attachments(ctx)
	}
	return found
}

// top reads what the reference means.
func (s *session) top(ctx context.Context) error {
	desc, err := s.puller.Get(ctx, s.ref)
	if err != nil {
		return err
	}
	s.found.digest, s.found.mediaType = desc.Digest.String(), string(desc.MediaType)
	if !isIndex(desc.MediaType) {
		s.found.manifest, err = parseManifest(desc.Manifest)
		return err
	}
	index, err := parseIndex(desc.Manifest)
	if err != nil {
		return err
	}
	s.found.isIndex = true
	for i := range index.Manifests {
		m := &index.Manifests[i]
		if m.Annotations[attestationType] == attestationManifest {
			s.found.attached.built = append(s.found.attached.built, *m)
			continue
		}
		if p := m.Platform; p != nil && p.OS != "" && p.OS != "unknown" {
			s.found.platforms = append(s.found.platforms, platformManifest{platformName(p.OS, p.Architecture, p.Variant), m.Digest.String()})
		}
	}
	slices.SortFunc(s.found.platforms, func(a, b platformManifest) int {
		return cmp.Or(cmp.Compare(a.platform, b.platform), cmp.Compare(a.digest, b.digest))
	})
	return nil
}

func isIndex(t types.MediaType) bool {
	return t == types.OCIImageIndex || t == types.DockerManifestList
}

// platformName names a platform as docker does; the variants that everybody
// means are left out.
func platformName(os, arch, variant string) string {
	text := os + "/" + arch
	if variant != "" && (arch != "arm64" || variant != "v8") {
		text += "/" + variant
	}
	return text
}

func parseManifest(data []byte) (*v1.Manifest, error) {
	m := &v1.Manifest{}
	if json.Unmarshal(data, m) != nil || m.Config.Digest.Hex == "" && len(m.Layers) == 0 {
		return nil, errBroken
	}
	return m, nil
}

func parseIndex(data []byte) (*v1.IndexManifest, error) {
	m := &v1.IndexManifest{}
	if json.Unmarshal(data, m) != nil || len(m.Manifests) > maxManifests {
		return nil, errBroken
	}
	return m, nil
}

// maxManifests is how many parts of one index are looked at.
const maxManifests = 1000

// contents reads the manifest of the platform, and its configuration.
func (s *session) contents(ctx context.Context) error {
	if s.found.isIndex {
		at := slices.IndexFunc(s.found.platforms, func(p platformManifest) bool { return p.platform == s.platform })
		if at < 0 {
			return nil // what there is for other platforms is said
		}
		desc, err := s.puller.Get(ctx, s.ref.Context().Digest(s.found.platforms[at].digest))
		if err != nil {
			return err
		}
		if s.found.manifest, err = parseManifest(desc.Manifest); err != nil {
			return err
		}
	}
	m := s.found.manifest
	if m.Config.MediaType != types.OCIConfigJSON && m.Config.MediaType != types.DockerConfigJSON {
		return nil // an artifact that is no image
	}
	data, err := s.blob(ctx, m.Config, manifestBytes)
	if err != nil {
		return err
	}
	config := &configFile{}
	if json.Unmarshal(data, config) != nil {
		return errBroken
	}
	s.found.config = config
	if !s.found.isIndex && config.OS != "" {
		s.found.platforms = []platformManifest{{platformName(config.OS, config.Architecture, config.Variant), s.found.digest}}
	}
	return nil
}

// blob reads what a descriptor points to, checked against its digest.
func (s *session) blob(ctx context.Context, d v1.Descriptor, most int64) ([]byte, error) {
	if d.Size > most {
		return nil, errLarge
	}
	layer, err := s.puller.Layer(ctx, s.ref.Context().Digest(d.Digest.String()))
	if err != nil {
		return nil, err
	}
	body, err := layer.Compressed()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, errLarge
	}
	return data, nil
}
